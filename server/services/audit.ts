import { v7 } from "uuid";
import type { Ctx } from "./ctx";
import { afterChange } from "./in-doubt";

/** An audit entry. `before` and `after` contain only the changed fields. */
export interface AuditEntry {
  action: string;
  target: string;
  note?: string | null;
  before?: unknown;
  after?: unknown;
}

/**
 * Writes an audit entry through the outbox after the change is made. ClickHouse has it after the next recorder batch.
 * Throws `may_have_been_kept` if Redis fails.
 */
export async function writeAudit(ctx: Ctx, entry: AuditEntry): Promise<void> {
  const { deps, principal } = ctx;
  const document = {
    id: v7(),
    at: deps.clock.now(),
    actorId: principal?.id ?? "system",
    actor: principal?.email ?? principal?.name ?? "system",
    via: principal?.via ?? "system",
    requestId: ctx.requestId,
    ...entry,
  };
  await afterChange("The change", deps.hot.append("a", JSON.stringify(document)));
}
