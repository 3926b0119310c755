import { checkpointFacts, readCheckpoint } from "~/server/domain/audit/checkpoint";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { SYSTEM_PRINCIPAL } from "../principal";

const DAY_MS = 86_400_000;

/**
 * Deletes audit entries that are older than `AUDIT_RETENTION_DAYS`. One run writes a checkpoint, and a later run
 * deletes the entries up to the recorded checkpoint, so that the chains stay verifiable after a crash. Returns how many
 * entries this run deleted or, as a dry run, would delete.
 */
export async function expireAudit(deps: Deps, { dryRun }: { dryRun: boolean }): Promise<number> {
  const days = deps.settings.current().auditRetentionDays;
  if (days === 0) return 0;
  // In whole days, so that a chain gets at most one checkpoint a day.
  const beforeMs = Math.floor(deps.clock.now() / DAY_MS) * DAY_MS - days * DAY_MS;
  let deletedCount = 0;
  let isFirst = true;
  for (
    let chain = await deps.store.nextAuditChain(-1);
    chain !== null;
    chain = await deps.store.nextAuditChain(chain)
  ) {
    const json = await deps.store.auditCheckpoint(chain);
    const last = json === null ? null : readCheckpoint(json);
    if (last?.beforeMs != null) {
      // Delete the entries outside of chains together with the first chain only.
      const outsideBeforeMs = isFirst ? last.beforeMs : 0;
      deletedCount += await deps.store.deleteAudit({ chain, toSeq: last.seq, beforeMs: outsideBeforeMs, dryRun });
      isFirst = false;
    }
    if (!dryRun) await setCheckpoint(deps, { chain, beforeMs, lastSeq: last?.seq ?? 0 });
  }
  return deletedCount;
}

async function setCheckpoint(
  deps: Deps,
  { chain, beforeMs, lastSeq }: { chain: number; beforeMs: number; lastSeq: number },
): Promise<void> {
  const expired = await deps.store.expiredAudit({ chain, beforeMs });
  if (expired === null || expired.seq <= lastSeq) return;
  const kept = await deps.store.unchainedAudit(beforeMs);
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "cleanup" };
  await writeAudit(ctx, checkpointFacts({ chain, ...expired, ...kept, reason: "retention", beforeMs }));
}
