import type { Breaker, BreakerName } from "~/server/domain/breaker";
import type { EndReason, ErrorClass } from "~/server/domain/choices";
import type { DocumentKind } from "~/server/domain/document-kinds";
import type { Attempt, Execution, Trigger } from "~/server/domain/execution";
import type { Outcome, Schedule } from "~/server/domain/schedule";
import type { RedisMemory } from "./memory";
import type { RedisPersistence } from "./persistence";

/** One planned occurrence: nominal and effective (jittered) time, epoch ms. */
export interface PlannedOccurrence {
  nominalMs: number;
  effectiveMs: number;
}

/** Where a schedule stands after a change. */
export type Placement =
  /** Due within the horizon: in Redis. One-time schedules have exactly one planned occurrence. */
  | { tier: "redis"; plan: readonly PlannedOccurrence[] }
  /**
   * Beyond the horizon, paused, disabled or over: the catalogue alone. `nextExecution` null when nothing is planned.
   */
  | { tier: "clickhouse"; nextExecution: number | null };

export interface PutInput {
  /** The whole new row. For an edit, its `state` counters are replaced by the hot record's own where there is one. */
  schedule: Schedule;
  placement: Placement;
  /** The version that the caller edited; null: the schedule must not exist yet. */
  expectedVersion: number | null;
  /**
   * Ledger rows that belong to this change: what becomes of occurrences that nobody claimed. Those claimed meanwhile
   * are left out.
   */
  executions?: readonly Execution[];
  /** Instances to run beside the plan (catch-up on resume). */
  instances?: readonly InstanceInput[];
  /** For a delayed message: refuse it if this partition's watermark has passed it. */
  watermark?: { partition: string; offset: string; timestampMs: number };
  /**
   * Kept with the change, of a put of one schedule only. Where its key is known already, nothing is done and that
   * answer comes back.
   */
  answer?: KeptAnswer;
}

/** The answer to an idempotency key, in the shard of the schedule that it is about. */
export interface KeptAnswer {
  /** The key's digest. */
  name: string;
  /** Null: the key is forgotten. */
  value: string | null;
  ttlMs: number;
}

export type PutResult =
  | { status: "stored"; schedule: Schedule }
  /** `expectedVersion: null` and it is there already (or the watermark has passed it). */
  | { status: "exists" }
  | { status: "stale"; currentVersion: number }
  | { status: "deleted" }
  /** A one-time schedule that is leased or waits for a retry can only be deleted. */
  | { status: "in_flight" }
  /** Its idempotency key was used before: nothing was done. */
  | { status: "answered"; answer: string };

/** An occurrence to run beside the plan. */
export interface InstanceInput {
  key: string;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  actor: string | null;
  /** `null`: the schedule's own priority lane; `"c"`: the catch-up lane. */
  lane: "c" | null;
  attempts?: readonly Attempt[];
}

/** What a worker was handed. `token` must come back with the settle. */
export interface Claim {
  kind: "occurrence";
  key: string;
  token: string;
  shard: number;
  /** As it was at the claim (the old version, if it was edited since). */
  schedule: Schedule;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  attempts: Attempt[];
  actor: string | null;
  enteredAtMs: number;
  /** It came through the catch-up lane. */
  caughtUp: boolean;
  /**
   * What is left of the plan after this claim; null where the claim is not the plan's own occurrence, or the schedule
   * was edited since. A retry has it too, so that a tail refused to the first try (`far`, `end`) is given again.
   */
  planLeft: PlannedOccurrence[] | null;
  /** The schedule has been deleted since: settle as cancelled. */
  deleted: boolean;
}

/**
 * A recurring schedule found behind by more than the grace, or without a plan (the worker that was to extend it is
 * gone): decide by its catch-up policy, then `replan`.
 */
export interface PlanClaim {
  kind: "plan";
  key: string;
  token: string;
  shard: number;
  schedule: Schedule;
  /** Empty when it was used up: go on from `lastNominalMs`. */
  plan: PlannedOccurrence[];
  /** The newest occurrence that was claimed or decided; null when none was. `replan` drops everything up to it. */
  lastNominalMs: number | null;
}

/** What was handed out under a lease and cannot be read: `setAside` takes it out of the way. */
export interface UnreadableClaim {
  key: string;
  token: string;
  shard: number;
  reason: string;
}

/** Streams on the hot tier's own server, which a claim may append to. One topic is one stream. */
export interface InPlaceStreams {
  /** Of the streams' keys; the topic follows. */
  keyPrefix: string;
  /** About how many entries a stream keeps. */
  maxEntries: number;
  /** Topics that begin so are not written to in place: nothing unread may be trimmed from them. */
  untrimmed: string;
}

/** What a claim published itself: these occurrences have ended, succeeded at the first attempt. */
export interface PublishedInPlace {
  count: number;
  /** How many went to each topic. */
  topics: [topic: string, count: number][];
  /** How many were due at each effective time, epoch ms. */
  effective: [ms: number, count: number][];
}

export interface ClaimResult {
  claims: (Claim | PlanClaim)[];
  unreadable: UnreadableClaim[];
  published: PublishedInPlace;
  /** Redis time at the claim, epoch ms. */
  nowMs: number;
  /** The earliest effective time still waiting, null when nothing waits. */
  nextDueMs: number | null;
}

/** The plan's tail, computed by the worker from the last planned nominal. */
export type PlanTail =
  | { kind: "hot"; more: readonly PlannedOccurrence[] }
  | { kind: "far"; nextExecution: number }
  | { kind: "end" };

/** What only the attempt knows; the recorder joins it with the claimed record into the ledger's row. */
export interface SettleDelta {
  outcome: Outcome;
  reason: EndReason | null;
  firedAt: number | null;
  endedAt: number;
  publishMs: number | null;
  attempts: Attempt[];
  error: string | null;
  errorClass: ErrorClass | null;
  workerId: string;
  partition: number | null;
  offset: string | null;
  actor: string | null;
}

export type SettleItem =
  /** `also`: rows of occurrences that the plan leaves out, written if this one is settled. */
  | { kind: "done"; claim: Claim; delta: SettleDelta; tail: PlanTail | null; also?: readonly Execution[] }
  | { kind: "retry"; claim: Claim; atMs: number; attempts: readonly Attempt[]; tail: PlanTail | null }
  /**
   * Aside until its topic's breaker closes or it expires, without an attempt counted; from then on it is of the
   * catch-up lane. `untilMs` is when it expires, null for never: so long a schedule without another occurrence waits to
   * have it counted.
   */
  | { kind: "hold"; claim: Claim; untilMs: number | null; tail: PlanTail | null };

/** `refused`: the lease was lost; whoever holds it now decides. */
export type SettleResult = "settled" | "refused";

export interface ReplanInput {
  claim: PlanClaim;
  executions: readonly Execution[];
  instances: readonly InstanceInput[];
  /** The plan from here on. `hot` replaces the plan whole. */
  tail: PlanTail;
}

export interface HotStats {
  /** Members of all lanes. */
  pending: number;
  /** Members due now and not claimed. */
  overdue: number;
  /** Age of the oldest due one, ms; 0 when none. */
  oldestDueMs: number;
  running: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms; 0 when none. */
  outboxOldestMs: number;
  fences: number;
  /** Held for topics whose breakers are, or were, open; not in `pending`. */
  held: number;
  nowMs: number;
}

/** Small tables that Redis has a copy of: accounts and API keys, settings. */
export type CopiedKind = "u" | "g";

/** A document of such a table. The newest version of a key wins, a deleted one as well. */
export interface CopiedDocument {
  key: string;
  json: string;
  version: number;
  deleted: boolean;
  /** What it is found by beside its key; null: nothing. */
  index: string | null;
}

/** What is held for one topic. */
export interface HeldTopic {
  topic: string;
  count: number;
  /** Effective time of the oldest, epoch ms. */
  oldestMs: number;
  /** The shards that it lies in, the one with the oldest first. */
  shards: number[];
}

/**
 * Schedule, execution, what the executions behind it share, an execution without its record and the record behind it,
 * or a document.
 */
export type OutboxKind = "s" | "x" | "b" | "y" | "r" | DocumentKind;

/** A pair of an outbox entry that cannot be read. */
export interface UnreadableEntry {
  /** Of the stream entry. */
  id: string;
  kind: string;
  reason: string;
  bytes: Uint8Array;
}

/** One decoded outbox batch of a shard, oldest first. */
export interface OutboxBatch {
  shard: number;
  lastId: string;
  /** `shard:firstId-lastId`, the same for every try at this batch. */
  token: string;
  entries: number;
  /** More lies behind it than this batch could hold. */
  more: boolean;
  /** One row a schedule, as it is last. */
  schedules: Schedule[];
  executions: Execution[];
  /** JSON documents of the small tables. */
  documents: { kind: DocumentKind; json: string }[];
  /** What of it cannot be read; all else is above. */
  unreadable: UnreadableEntry[];
  /**
   * Redis was away lately, and may have come back without its last writes: some of this may be in ClickHouse under
   * another token.
   */
  mayRepeat: boolean;
}

/**
 * The hot tier. Each method that changes state is one Lua call a shard. Throws `AppError("redis_unavailable")` when
 * Redis does not answer within its timeout.
 */
export interface HotTier {
  readonly shards: number;
  /** The shard of a schedule's id, or of an idempotency key's digest. */
  shardOf(id: string): number;
  put(input: PutInput): Promise<PutResult>;
  /** Results in the order of the input; one call a shard and chunk, so a part may be stored when another one fails. */
  putMany(inputs: readonly PutInput[]): Promise<PutResult[]>;
  /**
   * Takes up to `limit` of what is due. With `InPlaceStreams`, one-time schedules that ask for nothing special are
   * published and ended in the same call; all else comes under a lease, and so do those of the topics in `claimOnly`.
   */
  claim(input: {
    workerId: string;
    limit: number;
    leaseMs: number;
    catchUpLimit: number;
    graceMs: number;
    shard: number;
    claimOnly?: readonly string[];
  }): Promise<ClaimResult>;
  /** All claims must be of one shard. */
  settle(items: readonly SettleItem[]): Promise<SettleResult[]>;
  replan(input: ReplanInput): Promise<SettleResult>;
  /** What is held, by topic name. */
  heldTopics(): Promise<HeldTopic[]>;
  /**
   * Claims a topic's oldest held ones that can be published: for a breaker's trial. What is expired or deleted is moved
   * to the catch-up lane on the way, a thousand at most. Without a next due time.
   */
  claimHeld(input: {
    workerId: string;
    shard: number;
    topic: string;
    limit: number;
    leaseMs: number;
  }): Promise<ClaimResult>;
  /** Moves a topic's oldest held ones to the catch-up lane, so that up to `limit` are due in it; answers how many. */
  drainHeld(input: { shard: number; topic: string; limit: number }): Promise<number>;
  /**
   * Moves what expired while it was held to the catch-up lane, so that up to `limit` a shard are due in it; answers how
   * many.
   */
  expireHeld(input: { limit: number }): Promise<number>;
  /** All breakers that are not closed, or have failed lately. */
  breakers(): Promise<Map<BreakerName, Breaker>>;
  /** Changes a breaker from `from` to `to`, unless it changed meanwhile. Answers the one in force. */
  swapBreaker(input: {
    name: BreakerName;
    from: Breaker;
    to: Breaker;
  }): Promise<{ swapped: boolean; current: Breaker }>;
  /**
   * What was claimed and cannot be processed leaves the hot tier, and goes to the quarantine with its bytes. False: the
   * lease was lost.
   */
  setAside(claim: Pick<UnreadableClaim, "key" | "token" | "shard">, reason: string): Promise<boolean>;
  /**
   * Gives back a record or an instance that `setAside` or a script took, due now. False: there is another one in its
   * place.
   */
  giveBack(input: { shard: number; kind: "record" | "instance"; packedKey: string; bytes: Buffer }): Promise<boolean>;
  /** Makes expired leases claimable again; answers how many. */
  rescue(input: { limit: number; shard: number }): Promise<number>;
  /** Extends the leases of one token (a long publish); answers how many were still held. */
  extend(input: { shard: number; token: string; keys: readonly string[]; leaseMs: number }): Promise<number>;
  /**
   * Run beside the plan; the schedule may be far, paused or deleted. Idempotent by key: false when the key is there
   * already. Where `schedule` is an older version than the one in force, `versionNow` is that: the catalogue keeps the
   * newer.
   */
  enqueue(input: { schedule: Schedule; instance: InstanceInput; versionNow?: number }): Promise<boolean>;
  /**
   * The same under an idempotency key, whose answer is kept if the occurrence is added. A key that was used before adds
   * nothing: `answered`.
   */
  enqueueOnce(input: {
    schedule: Schedule;
    instance: InstanceInput;
    versionNow?: number;
    answer: KeptAnswer;
  }): Promise<{ status: "added" | "present" } | { status: "answered"; answer: string }>;
  /**
   * Answers to idempotency keys. A value is `fingerprint|until|body`: `until` is empty once the body is the answer,
   * else epoch ms.
   */
  readonly answers: {
    read(input: { shard: number; name: string }): Promise<string | null>;
    /**
     * Claims the key for `lockMs`, or takes over a claim that ran out, with the body of that claim; else says what is
     * known.
     */
    begin(input: {
      shard: number;
      name: string;
      fingerprint: string;
      body: string;
      lockMs: number;
      ttlMs: number;
    }): Promise<{ status: "claimed" | "taken_over" | "known"; value: string }>;
    /** Replaces the value of a claim, or forgets it (null); false where somebody took it over. */
    end(input: {
      shard: number;
      name: string;
      expected: string;
      value: string | null;
      ttlMs: number;
    }): Promise<boolean>;
  };
  /** ClickHouse rows that are due soon enter Redis, unless a newer revision is known. Results in order. */
  promote(
    rows: readonly { schedule: Schedule; plan: readonly PlannedOccurrence[] }[],
  ): Promise<("promoted" | "present" | "fenced")[]>;
  /**
   * Hot records by id (pending or leased one-time); null where Redis has none. With the plan's next nominal as
   * nextExecution; with `bare` the payload is an empty text, for callers that show none.
   */
  getMany(ids: readonly string[], more?: { bare?: boolean }): Promise<(Schedule | null)[]>;
  /** The newest known version and revision of schedules that left the hot tier lately. */
  fences(ids: readonly string[]): Promise<({ revision: number; version: number; deleted: boolean } | null)[]>;
  /**
   * Of these rows, all of schedules outside of the hot tier, the ids of those that the recorder has acknowledged, and
   * of those about which Redis cannot tell: their fence is gone, or speaks of a newer row.
   */
  recorded(rows: readonly { scheduleId: string; revision: number }[]): Promise<string[]>;
  /** Instances of one schedule that wait or run: for its page. */
  running(input: { limit: number }): Promise<
    {
      key: string;
      schedule: Schedule;
      nominalMs: number;
      effectiveMs: number;
      trigger: Trigger;
      attempts: Attempt[];
      leasedUntilMs: number | null;
    }[]
  >;
  /**
   * Which of these occurrences stand in Redis apart from their schedule: leased, waiting for a retry, held, or to be
   * caught up.
   */
  instances(keys: readonly string[]): Promise<Set<string>>;
  /** The next `limit` due members over all shards, soonest first. */
  upcoming(input: { limit: number }): Promise<{ schedule: Schedule; nominalMs: number; effectiveMs: number }[]>;
  stats(): Promise<HotStats>;
  /**
   * `fresh` is false where the schedule had the name already. `ageMs` says how long ago its holder reserved it;
   * infinite where that is not known.
   */
  reserveName(input: {
    name: string;
    scheduleId: string;
  }): Promise<{ ok: true; fresh: boolean } | { ok: false; holder: string; ageMs: number }>;
  releaseName(input: { name: string; scheduleId: string }): Promise<void>;
  /** A document for the small ClickHouse tables, or a ledger row of its own (`x`), through the same outbox. */
  append(kind: DocumentKind | "x", json: string): Promise<string>;
  /** As `append`, for bytes of any kind in any shard: what an operator let out of the quarantine. */
  appendBytes(kind: string, input: { shard: number; bytes: Buffer }): Promise<void>;
  /**
   * The oldest `limit` outbox entries as one batch; null when empty. A batch once read is the same until `ack`.
   * `behind` one, it is the next one, to be read while that is recorded; it counts from when that is acknowledged with
   * it.
   */
  readBatch(input: { shard: number; limit: number; behind?: OutboxBatch }): Promise<OutboxBatch | null>;
  /**
   * ClickHouse has the batch: trim the outbox and let the fences of its rows run out after `fenceTtlMs`. `next` is now
   * the shard's batch. False where another has acknowledged it meanwhile: `next` is then worth nothing.
   */
  ackBatch(input: { batch: OutboxBatch; next?: OutboxBatch | null; fenceTtlMs: number }): Promise<boolean>;
  /** The newest `limit` schedule rows and executions not yet in ClickHouse, newest first, for the overlay of lists. */
  unflushed(input: { limit: number }): Promise<{ schedules: Schedule[]; executions: Execution[]; complete: boolean }>;
  /** Drops fences that have run out; answers how many. */
  expireFences(input: { limit: number }): Promise<number>;
  /** Lays documents into the copy, each unless it has a version as new; answers how many changed it. */
  copyDocuments(kind: CopiedKind, documents: readonly CopiedDocument[]): Promise<number>;
  /** Says that the copy has everything that ClickHouse has. */
  completeCopy(kind: CopiedKind): Promise<void>;
  isCopied(kind: CopiedKind): Promise<boolean>;
  /**
   * All that lives, by key. Not `complete`: Redis is new or was lost, and what is missing is not known to be missing.
   */
  copied(kind: CopiedKind): Promise<{ complete: boolean; rows: Map<string, string> }>;
  copiedOne(kind: CopiedKind, key: string): Promise<{ complete: boolean; json: string | null }>;
  copiedBy(kind: CopiedKind, index: string): Promise<{ complete: boolean; json: string | null }>;
  /** Null when any shard has none: it is new, or was lost, and must be filled from ClickHouse. */
  epoch(): Promise<string | null>;
  /** Sets the epoch where it is missing; answers the one in force. */
  setEpoch(value: string): Promise<string>;
  /** Redis `TIME`, epoch ms. */
  now(): Promise<number>;
  /** Memory of the server, or of the fullest master of a cluster. */
  memory(): Promise<RedisMemory>;
  /** Whether what Redis acknowledges outlives it, as of the last few seconds. */
  persistence(): Promise<RedisPersistence>;
  /**
   * Writes a key of no meaning into each shard, at most once a second. Throws what Redis answers, as when it is full or
   * may not write.
   */
  probeWrite(): Promise<void>;
  /** Calls back when an earlier due time than all others arrived. */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}
