import { type BreakerName, isServiceFailure, type Tally, trialIsDue } from "~/server/domain/breaker";
import { byHalves } from "~/server/domain/by-halves";
import type { ErrorClass } from "~/server/domain/choices";
import { isDataFault, reasonOf } from "~/server/domain/data-fault";
import type { Attempt, Execution } from "~/server/domain/execution";
import { decideFailure, decideFiring } from "~/server/domain/firing";
import { boundContent, gapRows } from "~/server/domain/ledger";
import { isRecurring, recurrenceOf } from "~/server/domain/plan";
import { skippedByDstAtEnd, skippedByDstBefore } from "~/server/domain/recurrence";
import { isSelfTest } from "~/server/domain/self-test";
import type { BusMessage, PublishResult } from "~/server/ports/bus";
import type { Claim } from "~/server/ports/hot/claims";
import type { SettleDelta, SettleItem } from "~/server/ports/hot/settlement";
import type { Deps } from "../ctx";
import { isSealedContent, openContent, UnreadableContent } from "../protection/seal";
import type { Breakers } from "./breakers";
import { messageOf } from "./message";
import { setAside } from "./set-aside";
import { tailOf } from "./tail";
import { storeWaiting } from "./waiting";

/** Counts of one batch, for metrics. `failed` counts failed attempts; each is also in `retried` or `dead`. */
export interface BatchReport {
  published: number;
  failed: number;
  retried: number;
  dead: number;
  expired: number;
  cancelled: number;
  held: number;
  /** Settles that were refused, because the lease was lost or the instance was quarantined. */
  refused: number;
  latenessMs: number[];
  publishMs: number;
  /** Successes of each topic, and failures that its breaker counts. */
  topics: Map<string, Tally>;
}

interface Work {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
  claims: readonly Claim[];
  /** Redis time at the claim. */
  nowMs: number;
}

/**
 * Publishes and settles one claimed batch of one shard, with one bus call and one settle call, or more if data of the
 * batch cannot be processed. Events behind an open breaker are held without an attempt. When a trial is due, the first
 * publishable event of the topic is the trial.
 */
export async function runClaims(work: Work): Promise<BatchReport> {
  const report = emptyReport();
  const partitioned = partitionClaims(work, report);
  const trials = await beginTrials(work, partitioned.publishable);
  const { toPublish, toHold } = splitByBreaker(work, partitioned.publishable, trials);
  const decided = [...partitioned.decided, ...toHold.map((claim) => hold(work, claim, report))];
  const started = performance.now();
  const startedAt = work.deps.clock.now();
  const results = toPublish.length > 0 ? await publish(work, toPublish, startedAt) : [];
  report.publishMs = performance.now() - started;
  const ackedAt = work.deps.clock.now();
  const durationMs = report.publishMs;
  const firstTry = [attemptOf(work, { n: 1, result: SUCCEEDED, startedAt, durationMs })];
  const attempts = toPublish.map((claim, i) =>
    settleItem(work, { claim, result: results[i] as PublishResult, startedAt, ackedAt, durationMs, firstTry }, report),
  );
  for (const [topic, tally] of report.topics) {
    if (trials.has(topic)) await work.breakers.endTrial(nameOf(topic), work.workerId, tally);
    else await work.breakers.recordCalls(nameOf(topic), tally);
  }
  const items = [...decided, ...attempts];
  if (items.length === 0) return report;
  await storeWaiting(work.deps, items.filter(keepsWaiting));
  report.refused = await settleEach(work.deps, items);
  if (report.refused > 0)
    work.deps.log.warn({ refused: report.refused }, "settles refused: lease lost, or instance quarantined");
  return report;
}

/**
 * Settles the items in one call. If this fails because an item cannot be encoded, finds the item by halving the batch
 * and sets it aside. Returns how many settles were refused.
 */
async function settleEach(deps: Deps, items: readonly SettleItem[]): Promise<number> {
  let refused = 0;
  const offenders = await byHalves(items, async (part) => {
    const settled = await deps.hot.settle(part);
    refused += settled.filter((one) => one === "refused").length;
  });
  await setAside(
    deps,
    offenders.map(({ item, error }) => ({ ...item.claim, reason: reasonOf(error) })),
  );
  return refused;
}

function keepsWaiting(item: SettleItem): item is SettleItem & { kind: "retry" | "hold" } {
  return item.kind === "retry" || item.kind === "hold";
}

function emptyReport(): BatchReport {
  return {
    published: 0,
    failed: 0,
    retried: 0,
    dead: 0,
    expired: 0,
    cancelled: 0,
    held: 0,
    refused: 0,
    latenessMs: [],
    publishMs: 0,
    topics: new Map(),
  };
}

/** Returns the report in which to count a claim. Self-tests get a discarded report, because metrics exclude them. */
function countsIn(report: BatchReport, { schedule }: Claim): BatchReport {
  return isSelfTest(schedule.scheduleId) ? emptyReport() : report;
}

/** Splits a batch into claims to publish and claims whose outcome needs no attempt. */
function partitionClaims(work: Work, report: BatchReport): { publishable: Claim[]; decided: SettleItem[] } {
  const publishable: Claim[] = [];
  const decided: SettleItem[] = [];
  for (const claim of work.claims) {
    const { schedule, effectiveMs, deleted } = claim;
    const decision = decideFiring({ schedule, effectiveMs, deleted, mayExpire: mayExpire(claim), nowMs: work.nowMs });
    if (decision.do === "publish") {
      publishable.push(claim);
    } else {
      const expired = decision.do === "expire";
      countsIn(report, claim)[expired ? "expired" : "cancelled"] += 1;
      decided.push(
        done(
          work,
          claim,
          expired ? { outcome: "expired", reason: "max_delay" } : { outcome: "cancelled", reason: "deleted" },
        ),
      );
    }
  }
  return { publishable, decided };
}

const nameOf = (topic: string): BreakerName => `topic:${topic}`;

/** Begins the due trials. Returns the topics whose trial is part of this batch. */
async function beginTrials({ deps, breakers, workerId }: Work, publishable: readonly Claim[]): Promise<Set<string>> {
  const begun = new Set<string>();
  for (const topic of new Set(publishable.map((claim) => claim.schedule.topic))) {
    if (!trialIsDue(breakers.get(nameOf(topic)), deps.clock.now())) continue;
    if (await breakers.beginTrial(nameOf(topic), workerId)) begun.add(topic);
  }
  return begun;
}

/** Splits the claims by the breakers of their topics. If a topic has a trial, its first claim is the trial. */
function splitByBreaker(
  { breakers }: Work,
  publishable: readonly Claim[],
  trials: ReadonlySet<string>,
): { toPublish: Claim[]; toHold: Claim[] } {
  const toPublish: Claim[] = [];
  const toHold: Claim[] = [];
  const topicsWithTrial = new Set<string>();
  for (const claim of publishable) {
    const { topic } = claim.schedule;
    const isTrial = trials.has(topic) && !topicsWithTrial.has(topic);
    if (isTrial) topicsWithTrial.add(topic);
    if (isTrial || breakers.get(nameOf(topic)).state === "closed") toPublish.push(claim);
    else toHold.push(claim);
  }
  return { toPublish, toHold };
}

/** Whether the maximum delay applies: not to manual runs and replays. */
function mayExpire({ trigger }: Claim): boolean {
  return trigger !== "manual" && trigger !== "replay";
}

function hold(work: Work, claim: Claim, report: BatchReport): SettleItem {
  countsIn(report, claim).held += 1;
  if (!mayExpire(claim)) return { kind: "hold", claim, untilMs: null, tail: null };
  const untilMs = claim.effectiveMs + claim.schedule.maxDelaySeconds * 1000;
  return { kind: "hold", claim, untilMs, tail: tail(work, claim) };
}

function tallyOf(report: BatchReport, topic: string): Tally {
  return report.topics.get(topic) ?? { ok: 0, failed: 0, error: null };
}

function addToTally(report: BatchReport, topic: string, result: PublishResult): void {
  const tally = tallyOf(report, topic);
  if (result.ok) tally.ok += 1;
  else if (isServiceFailure(result.errorClass)) {
    tally.failed += 1;
    tally.error = result.message;
  }
  report.topics.set(topic, tally);
}

async function publish(work: Work, claims: readonly Claim[], nowMs: number): Promise<PublishResult[]> {
  const { bus } = work.deps;
  const failAll = (message: string): PublishResult[] =>
    claims.map(() => ({ ok: false, errorClass: "broker_connection", message, retriable: true }));
  if (bus === null) return failAll("This process has no bus.");
  const results: PublishResult[] = failAll("The bus returned no result for this message.");
  const messages: { message: BusMessage; index: number }[] = [];
  for (const [index, claim] of claims.entries()) {
    try {
      const { schedule } = claim;
      const isSealed = isSealedContent(schedule);
      const opened = isSealed ? { ...claim, schedule: await openContent(work.deps, schedule.topic, schedule) } : claim;
      messages.push({ message: messageOf(opened, nowMs), index });
    } catch (error) {
      if (error instanceof UnreadableContent) {
        results[index] = { ok: false, errorClass: "decryption", message: error.message, retriable: true };
      } else if (isDataFault(error)) results[index] = neverPublished(error);
      else throw error;
    }
  }
  try {
    const offenders = await byHalves(messages, async (part) => {
      const answers = await bus.publish(part.map(({ message }) => message));
      answers.forEach((answer, i) => {
        results[(part[i] as (typeof part)[number]).index] = answer;
      });
    });
    for (const { item, error } of offenders) results[item.index] = neverPublished(error);
  } catch (error) {
    work.deps.log.error({ err: error }, "publish failed: the bus threw");
    return failAll((error as Error).message);
  }
  return results;
}

function neverPublished(error: unknown): PublishResult {
  return {
    ok: false,
    errorClass: "bad_payload",
    message: `The event cannot be published: ${reasonOf(error)}`,
    retriable: false,
  };
}

const SUCCEEDED: PublishResult = { ok: true };

interface PublishedAttempt {
  claim: Claim;
  result: PublishResult;
  startedAt: number;
  ackedAt: number;
  durationMs: number;
  /** Shared by all events that succeed on the first try, so that the hot tier encodes the list once. */
  firstTry: Attempt[];
}

function settleItem(work: Work, attempt: PublishedAttempt, report: BatchReport): SettleItem {
  const { claim, result } = attempt;
  const n = claim.attempts.length + 1;
  const attempts = result.ok && n === 1 ? attempt.firstTry : [...claim.attempts, attemptOf(work, { n, ...attempt })];
  addToTally(report, claim.schedule.topic, result);
  const counts = countsIn(report, claim);
  if (result.ok) {
    counts.published += 1;
    counts.latenessMs.push(Math.max(0, attempt.ackedAt - claim.effectiveMs));
    return done(work, claim, {
      outcome: "succeeded",
      attempts,
      firedAt: attempt.ackedAt,
      endedAt: attempt.ackedAt,
      publishMs: attempt.durationMs,
      partition: result.partition ?? null,
      offset: result.offset ?? null,
    });
  }
  counts.failed += 1;
  const { errorClass, message } = result;
  const decision = decideFailure({
    schedule: claim.schedule,
    attempts,
    retriable: result.retriable,
    effectiveMs: claim.effectiveMs,
    nowMs: attempt.ackedAt,
    random: work.deps.random,
  });
  if (decision.do === "retry") {
    counts.retried += 1;
    return { kind: "retry", claim, atMs: decision.atMs, attempts, tail: tail(work, claim) };
  }
  counts.dead += 1;
  return done(work, claim, {
    outcome: "dead",
    reason: decision.why,
    attempts,
    error: message,
    errorClass,
    publishMs: attempt.durationMs,
  });
}

/** A new attempt has a known error class. Stored attempts may have a class of another release. */
type NewAttempt = Attempt & { errorClass: ErrorClass | null };

function attemptOf(
  work: Work,
  attempt: Pick<PublishedAttempt, "startedAt" | "durationMs" | "result"> & { n: number },
): NewAttempt {
  const { result } = attempt;
  return {
    n: attempt.n,
    at: attempt.startedAt,
    durationMs: Math.round(attempt.durationMs * 1000) / 1000,
    workerId: work.workerId,
    errorClass: result.ok ? null : result.errorClass,
    error: result.ok ? null : result.message,
  };
}

function done(work: Work, claim: Claim, delta: Partial<SettleDelta> & Pick<SettleDelta, "outcome">): SettleItem {
  return {
    kind: "done",
    claim,
    tail: tail(work, claim),
    skippedRows: skippedByDst(work, claim),
    delta: {
      outcome: delta.outcome,
      reason: delta.reason ?? null,
      firedAt: delta.firedAt ?? null,
      endedAt: delta.endedAt ?? work.deps.clock.now(),
      publishMs: delta.publishMs ?? null,
      attempts: delta.attempts ?? claim.attempts,
      error: delta.error ?? null,
      errorClass: delta.errorClass ?? null,
      workerId: work.workerId,
      partition: delta.partition ?? null,
      offset: delta.offset ?? null,
      actor: claim.actor,
    },
  };
}

function tail(work: Work, claim: Claim) {
  try {
    return tailOf(claim, { nowMs: work.nowMs, settings: work.deps.settings.current() });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    // This occurrence can still be settled. The next claim of the plan pauses the schedule (`decidePlan`).
    work.deps.log.warn({ err: error, key: claim.key }, "the plan cannot be continued");
    return null;
  }
}

/** Ledger rows of occurrences that `dst_gap: skip` omits before a planned occurrence and after the last one. */
function skippedByDst({ deps, nowMs }: Work, { schedule, trigger, nominalMs, key }: Claim): Execution[] | undefined {
  if (schedule.dstGap !== "skip" || trigger !== "schedule" || !isRecurring(schedule)) return undefined;
  const spec = recurrenceOf(schedule);
  const sinceMs = schedule.plannedSince ?? schedule.createdAt;
  try {
    const times = [...skippedByDstBefore(spec, { nominalMs, sinceMs }), ...skippedByDstAtEnd(spec, nominalMs)];
    return times.length === 0 ? undefined : [...boundContent(gapRows(schedule, times, nowMs))];
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.log.warn({ err: error, key }, "could not record occurrences skipped by a clock change");
    return undefined;
  }
}
