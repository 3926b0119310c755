import type { ExecutionRow } from "~/server/domain/views";

export const TRIGGER_LABELS: Record<ExecutionRow["trigger"], string> = {
  schedule: "Plan",
  manual: "By hand",
  replay: "Replay",
  catch_up: "Catch-up",
  delayed_event: "Delayed event",
};
