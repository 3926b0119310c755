import type { ExecutionRow } from "~/server/domain/views";

export const TRIGGER_LABELS: Record<ExecutionRow["trigger"], string> = {
  schedule: "Schedule",
  manual: "Manual",
  replay: "Replay",
  catch_up: "Catch-up",
  delayed_event: "Delayed message",
};
