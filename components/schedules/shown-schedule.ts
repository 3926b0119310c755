import type { RouterOutputs } from "~/components/trpc/client";

/** One schedule as the server's answer reaches the browser: an unknown payload may be missing in JSON. */
export type ShownSchedule = RouterOutputs["schedules"]["get"];
