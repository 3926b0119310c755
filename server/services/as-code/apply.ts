import { auditName } from "~/server/domain/audit/audit-name";
import { deleteChange } from "~/server/domain/changes/changes";
import { AppError } from "~/server/domain/errors";
import { boundContent } from "~/server/domain/ledger";
import type { Schedule } from "~/server/domain/schedule";
import type { PutInput, PutResult } from "~/server/ports/hot/schedules";
import { requireRight } from "../access/require-right";
import { auditDocument } from "../audit";
import type { Ctx } from "../ctx";
import { withLock } from "../documents/document-lock";
import { awaitFollowUp, inDoubt, leavesOutcomeOpen, mayHaveBeenKept } from "../in-doubt";
import { unconfirmed } from "../schedules/durable";
import { writeExcessLedgerRows } from "../schedules/excess-ledger-rows";
import { releaseUnused, reserveName } from "../schedules/names";
import { type DocumentDifference, differenceOf } from "./diff";
import type { ApplyDocumentInput } from "./inputs";
import { type DocumentPlan, planDocument } from "./plan";

/** Longer than an apply of the largest document takes, ms. */
const LOCK_MS = 120_000;
/** How many names are reserved at once. */
const NAMES = 100;

export interface AppliedDocument extends DocumentDifference {
  /** Whether the removals were made. */
  pruned: boolean;
}

/**
 * Adds and changes the schedules of an owner to match a document, and with `prune` removes the others. Validates every
 * entry before the first write; a repeat after a crash writes the rest. Returns the changes that were made. Throws the
 * errors of `planDocument`, `conflict` for an empty document that would delete all, if a schedule was changed meanwhile
 * and for an edit of a one-time schedule in flight, and `may_have_been_kept`.
 */
export async function applyDocument(call: { ctx: Ctx; input: ApplyDocumentInput }): Promise<AppliedDocument> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:edit");
  return withLock(ctx.deps, { name: `as-code-${input.owner}`, lockMs: LOCK_MS }, async () => {
    const plan = await planDocument(ctx, input);
    const removals = input.prune === true ? plan.removals : [];
    if (plan.adds.length > 0) requireRight(ctx, "schedules:create");
    if (removals.length > 0) requireRight(ctx, "schedules:delete");
    requireAllowEmpty(input, removals.length);
    const difference = differenceOf(ctx, input.owner, plan);
    await write(ctx, input, { ...plan, removals });
    return { ...difference, pruned: removals.length > 0 };
  });
}

/** An empty document may be a mistake, such as a file that was not rendered. */
function requireAllowEmpty({ owner, schedules, allowEmpty }: ApplyDocumentInput, removals: number): void {
  if (schedules.length > 0 || removals === 0 || allowEmpty === true) return;
  throw new AppError(
    "conflict",
    `The document is empty and would delete all ${removals} schedules of "${owner}". Confirm it with allow_empty.`,
    { details: { owner, removals } },
  );
}

async function write(ctx: Ctx, input: ApplyDocumentInput, plan: DocumentPlan): Promise<void> {
  const { deps } = ctx;
  const added = plan.adds.map(({ placed }) => placed.schedule);
  await reserveNames(ctx, plan.adds);
  const adds = plan.adds.map(({ placed }): PutInput => ({ ...placed, expectedVersion: null }));
  const created = deps.hot.putMany(adds, () => createdEntry(ctx, input.owner));
  const results = await inDoubt("Some of the schedules", created).catch(async (error) => {
    if (!leavesOutcomeOpen(error)) for (const schedule of added) await releaseUnused(deps, schedule);
    throw error;
  });
  requireStored(adds, results);
  const edits: PutInput[] = [];
  for (const { edit } of plan.changes) {
    edits.push({ ...(await writeExcessLedgerRows(deps, edit.current, edit.change)), documents: [edit.entry] });
  }
  await putAll(ctx, edits);
  await remove(ctx, input.owner, plan.removals);
  await requireConfirmed(ctx, [...adds, ...edits]);
}

/** Reserves the names of all new schedules, or none of them. */
async function reserveNames({ deps }: Ctx, adds: DocumentPlan["adds"]): Promise<void> {
  const reserved: Schedule[] = [];
  for (let from = 0; from < adds.length; from += NAMES) {
    const some = adds.slice(from, from + NAMES);
    const results = await Promise.allSettled(some.map(({ placed }) => reserveName(deps, placed.schedule)));
    for (const [i, { status }] of results.entries()) {
      if (status === "fulfilled") reserved.push((some[i] as (typeof some)[number]).placed.schedule);
    }
    const failed = results.find((result) => result.status === "rejected");
    if (failed === undefined) continue;
    for (const schedule of reserved) await releaseUnused(deps, schedule);
    throw failed.reason;
  }
}

/** The audit entry of the schedules that one Redis call creates. The call adds their ids. */
const createdEntry = (ctx: Ctx, owner: string) =>
  auditDocument(ctx, {
    action: "schedule.create",
    target: `batch:${ctx.requestId}`,
    targetName: `Document ${owner}`,
    note: `Applied document ${owner}`,
  }).json;

async function putAll({ deps }: Ctx, puts: readonly PutInput[]): Promise<void> {
  const bound = puts.map((put) => ({ ...put, executions: boundContent(put.executions ?? []) }));
  requireStored(bound, await inDoubt("Some of the changes", deps.hot.putMany(bound)));
}

/**
 * Throws `conflict` if a schedule was changed after it was compared, or is a one-time schedule in flight. A
 * repeat can succeed.
 */
function requireStored(puts: readonly PutInput[], results: readonly PutResult[]): void {
  const index = results.findIndex(({ status }) => status !== "stored");
  if (index < 0) return;
  const name = puts[index]?.schedule.name;
  const reason =
    results[index]?.status === "in_flight"
      ? "is in flight and cannot be changed until its run has ended"
      : "was changed or deleted at the same time";
  throw new AppError("conflict", `"${name}" ${reason}. Other changes may have been made; apply the document again.`);
}

async function remove(ctx: Ctx, owner: string, removals: readonly Schedule[]): Promise<void> {
  const { deps, principal } = ctx;
  const nowMs = deps.clock.now();
  const settings = deps.settings.current();
  const actor = principal?.email ?? principal?.name ?? "system";
  const puts: PutInput[] = [];
  for (const current of removals) {
    const { scheduleId: target, name, version } = current;
    const entry = auditDocument(ctx, {
      ...{ action: "schedule.delete", target, targetName: auditName(current) },
      before: { name, version },
      note: `Removed from document ${owner}`,
    });
    const change = deleteChange({ current, nowMs, actor, settings });
    puts.push({ ...(await writeExcessLedgerRows(deps, current, change)), documents: [entry] });
  }
  await putAll(ctx, puts);
  for (const { name, scheduleId } of removals) {
    if (name !== null) await awaitFollowUp("The change", deps.hot.releaseName({ name, scheduleId }));
  }
}

/** Waits until ClickHouse has the schedules that Redis does not keep. Throws `may_have_been_kept`. */
async function requireConfirmed(ctx: Ctx, puts: readonly PutInput[]): Promise<void> {
  const rows = puts
    .filter(({ placement }) => placement.tier === "clickhouse")
    .map(({ schedule: { scheduleId, state } }) => ({ scheduleId, revision: state.revision }));
  if (rows.length > 0 && (await unconfirmed(ctx, rows)).size > 0) throw mayHaveBeenKept("Some of the schedules");
}
