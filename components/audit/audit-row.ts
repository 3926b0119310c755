import type { RouterOutputs } from "~/components/trpc/client";

/** An audit entry of a list. */
export type AuditRow = RouterOutputs["audit"]["list"]["items"][number];
