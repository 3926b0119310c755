import type { RouterOutputs } from "~/components/trpc/client";

/** One schedule as the API returns it. */
export type ShownSchedule = RouterOutputs["schedules"]["get"];
