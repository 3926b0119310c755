import { v7 } from "uuid";
import type { Ctx } from "./ctx";
import { afterChange } from "./in-doubt";

/** Who did what to what. `before` and `after` carry the changed fields alone. */
export interface AuditEntry {
  action: string;
  target: string;
  note?: string | null;
  before?: unknown;
  after?: unknown;
}

/**
 * Writes an audit document through the outbox, once the change is made; it reaches ClickHouse with the next recorder
 * batch. Throws `may_have_been_kept` where Redis fails.
 */
export async function recordAudit(ctx: Ctx, entry: AuditEntry): Promise<void> {
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
