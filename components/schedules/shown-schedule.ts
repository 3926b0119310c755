import type { RouterOutputs } from "~/components/trpc/client";

/** One schedule as the server's answer reaches the browser. */
export type ShownSchedule = RouterOutputs["schedules"]["get"];
