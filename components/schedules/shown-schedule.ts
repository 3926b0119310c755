import type { RouterOutputs } from "~/components/trpc/client";

export type ShownSchedule = RouterOutputs["schedules"]["get"];
