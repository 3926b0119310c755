import { z } from "zod";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import { FIRING_PAUSE_TARGET as TARGET } from "~/server/domain/explain/firing-pauses";
import { Instant } from "~/server/domain/instant";
import { isAllPaused, type PauseAll, type PauseAllView, pauseAllView } from "~/server/domain/pause-all";
import { Note } from "~/server/domain/text";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { withDocumentLock } from "../documents/document-lock";
import { requireCopy } from "../documents/restore";
import { storeDocuments } from "../documents/store-documents";
import { IdempotencyKey, keyedRequest, once } from "../idempotency";
import { awaitFollowUp } from "../in-doubt";
import { pauseEndMs } from "../schedules/toggle";
import { SAVED } from "../settings/stored";
import { pauseDocument, readPauseAll, type StoredPauseAll } from "./stored";

export const PauseAllInput = z.strictObject({
  reason: Note.refine((text) => text !== "", "must not be empty"),
  until: Instant.optional(),
  idempotencyKey: IdempotencyKey.optional(),
});
export type PauseAllInput = z.infer<typeof PauseAllInput>;

export const ResumeAllInput = z.strictObject({ idempotencyKey: IdempotencyKey.optional() });
export type ResumeAllInput = z.infer<typeof ResumeAllInput>;

export async function getPauseAll({ ctx }: { ctx: Ctx }): Promise<PauseAllView> {
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  return pauseAllView((await requirePause(deps)).pause, deps.clock.now());
}

/**
 * Pauses all firing of the installation. Claims then take only manual runs and replays that are made during the pause.
 * If all firing is paused already, changes the reason and the end.
 * @throws AppError `validation_failed` for an end that is not in the future; `conflict` while another change is saved;
 * `redis_unavailable`; `clickhouse_unavailable`; `may_have_been_kept`; the codes of an idempotency key that was reused
 * or is in progress.
 */
export async function pauseAll(call: { ctx: Ctx; input: PauseAllInput }): Promise<PauseAllView> {
  const { ctx } = call;
  requireRight(ctx, "system:operate");
  const { idempotencyKey: key, ...request } = call.input;
  const keyed = keyedRequest({ ctx, call: "system.pause_all", key, request });
  return once({ ctx, keyed }, () => pauseOnce(ctx, request));
}

async function pauseOnce(ctx: Ctx, input: Omit<PauseAllInput, "idempotencyKey">): Promise<PauseAllView> {
  const { deps } = ctx;
  const principal = requireRight(ctx, "system:operate");
  const nowMs = deps.clock.now();
  const untilMs = pauseEndMs(input.until, nowMs);
  const edit = ({ pause }: StoredPauseAll) => ({
    pausedAtMs: isAllPaused(pause, nowMs) ? pause.pausedAtMs : nowMs,
    pausedBy: principal.email ?? principal.name,
    reason: input.reason,
    untilMs,
    endedAtMs: null,
    endedBy: null,
  });
  const [before, after] = await change(deps, edit, { ifUnreadable: { pause: null, version: 0 } });
  await writeAudit(ctx, {
    action: "system.pause_all",
    target: TARGET,
    note: input.reason,
    before: isAllPaused(before, nowMs) ? auditFields(before) : undefined,
    after: auditFields(after),
  });
  return pauseAllView(after, nowMs);
}

/**
 * Ends the pause of all firing, if there is one.
 * @throws AppError `internal` if the stored pause cannot be read; `conflict` while another change is saved;
 * `redis_unavailable`; `clickhouse_unavailable`; `may_have_been_kept`; the codes of an idempotency key that was reused
 * or is in progress.
 */
export async function resumeAll(call: { ctx: Ctx; input: ResumeAllInput }): Promise<PauseAllView> {
  const { ctx } = call;
  requireRight(ctx, "system:operate");
  const keyed = keyedRequest({ ctx, call: "system.resume_all", key: call.input.idempotencyKey, request: null });
  return once({ ctx, keyed }, () => resumeOnce(ctx));
}

async function resumeOnce(ctx: Ctx): Promise<PauseAllView> {
  const { deps } = ctx;
  const principal = requireRight(ctx, "system:operate");
  const nowMs = deps.clock.now();
  if (!isAllPaused((await requirePause(deps)).pause, nowMs)) return pauseAllView(null, nowMs);
  await end(ctx, { endedAtMs: nowMs, endedBy: principal.email ?? principal.name });
  return pauseAllView(null, nowMs);
}

/** Stores the end of a pause whose planned end has passed. Claims compare the planned end and do not wait for this. */
export async function endPauseAll(ctx: Ctx): Promise<void> {
  const { deps } = ctx;
  const pause = (await readPauseAll(deps))?.pause ?? null;
  if (pause === null || pause.endedAtMs !== null || pause.untilMs === null) return;
  if (pause.untilMs <= (await deps.hot.now())) await end(ctx, { endedAtMs: pause.untilMs, endedBy: "system" });
}

async function end(ctx: Ctx, ended: { endedAtMs: number; endedBy: string }): Promise<void> {
  const [before] = await change(ctx.deps, ({ pause }) => pause && { ...pause, ...ended });
  if (before === null || before.endedAtMs !== null) return;
  await writeAudit(ctx, {
    action: "system.resume_all",
    target: TARGET,
    note: ended.endedBy === "system" ? "the pause ended" : null,
    onBehalfOf: ended.endedBy === "system" ? before.pausedBy : null,
    before: auditFields(before),
  });
}

/** Sets the flags of all shards again if they differ from the stored pause, for example after a loss of Redis. */
export async function applyPauseAll(deps: Deps): Promise<void> {
  if (!(await flagsDiffer(deps))) return;
  // Under the lock, so that a flag is never set from a pause that was changed meanwhile.
  await withDocumentLock(deps, DOCUMENT_KIND.setting, async () => {
    const known = await readPauseAll(deps);
    if (known !== null) await setFlags(deps, known.pause);
  });
  deps.log.warn("set the pause of all firing in Redis again");
}

async function flagsDiffer(deps: Deps): Promise<boolean> {
  const known = await readPauseAll(deps);
  if (known === null) return false;
  const flags = await deps.hot.pauses();
  const wanted = flagOf(known.pause);
  return flags.some((flag) => (flag === null) !== (wanted === null) || flag?.untilMs !== wanted?.untilMs);
}

/** Returns the flag that the shards must have for a stored pause; null for no flag. */
const flagOf = (pause: PauseAll | null) =>
  pause === null || pause.endedAtMs !== null ? null : { untilMs: pause.untilMs };

const setFlags = (deps: Deps, pause: PauseAll | null) => deps.hot.setPause(flagOf(pause));

/** Stores a change, then sets the flags. Returns the pause before and after. `ifUnreadable`: see `requirePause`. */
async function change<P extends PauseAll | null>(
  deps: Deps,
  edit: (stored: StoredPauseAll) => P,
  options: { ifUnreadable?: StoredPauseAll } = {},
): Promise<[PauseAll | null, P]> {
  return withDocumentLock(deps, DOCUMENT_KIND.setting, async () => {
    const stored = await requirePause(deps, options);
    const pause = edit(stored);
    const version = Math.max(deps.clock.now(), stored.version + 1);
    const document = pauseDocument({ pause, version });
    const undo = pauseDocument({ pause: stored.pause, version: version + 1 });
    if (pause !== null) await storeDocuments(deps, DOCUMENT_KIND.setting, [{ document, undo }]);
    await awaitFollowUp("The change", setFlags(deps, pause));
    return [stored.pause, pause];
  });
}

/**
 * If the document cannot be read, returns `ifUnreadable` or, without it, throws `internal`. Throws `redis_unavailable`
 * or `clickhouse_unavailable` if Redis lost the settings and they cannot be restored.
 */
async function requirePause(
  deps: Deps,
  { ifUnreadable }: { ifUnreadable?: StoredPauseAll } = {},
): Promise<StoredPauseAll> {
  await requireCopy(deps, SAVED);
  const stored = await readPauseAll(deps);
  if (stored !== null) return stored;
  if (!(await deps.hot.isCopied(DOCUMENT_KIND.setting))) {
    throw new AppError("redis_unavailable", "Redis lost its data meanwhile. Try again.");
  }
  if (ifUnreadable === undefined) throw new AppError("internal", UNREADABLE);
  return ifUnreadable;
}

const UNREADABLE =
  "Whether all firing is paused is unknown: the stored pause cannot be read. Firing stays as it is. Pause all firing again to replace the stored pause.";

const auditFields = ({ reason, untilMs: until }: PauseAll) => ({
  reason,
  until: until === null ? null : new Date(until).toISOString(),
});
