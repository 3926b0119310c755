import type { RouterOutputs } from "~/components/trpc/client";

export type AuditRow = RouterOutputs["audit"]["list"]["items"][number];
