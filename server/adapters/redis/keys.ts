import type { ReportName } from "~/server/ports/shared-state/reports";

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 (IEEE) of the UTF-8 text. `zlib.crc32` is missing in older Node 20 releases, which are supported. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text, "utf8")) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Priorities `9` to `0`, `c` for catch-up, `m` for manual runs and replays made while all firing is paused. */
export const LANES = ["m", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "c"] as const;
export type Lane = (typeof LANES)[number];

/** The short names of a shard's keys, which share a hash tag, so that in a cluster one script may use them all. */
export type ShardKey =
  | `due${Lane}`
  | "sched"
  | "plan"
  | "occ"
  | "lease"
  | "fence"
  | "fenceExp"
  | "outbox"
  | "batch"
  | "auditHead"
  | "seen"
  | "held"
  | "heldAt"
  | "heldUntil"
  | "epoch"
  | "paused"
  | "rebuild"
  | "probe";
export type ShardKeys = Readonly<Record<ShardKey, string>>;

/** The copy of one small table; its keys share a hash tag. */
export interface CopyKeys {
  rows: string;
  versions: string;
  index: string;
}

export interface Keys {
  readonly shards: readonly ShardKeys[];
  shardOf(scheduleId: string): number;
  name(name: string): string;
  /** By the document kind of the outbox: accounts and API keys, settings, payload schemas, protection rules. */
  readonly copies: Readonly<Record<"u" | "g" | "p" | "o", CopyKeys>>;
  /** The answer to an idempotency key, or the mark of a step that must be done once. `digest` is any name. */
  answer(shard: number, digest: string): string;
  readonly breakers: string;
  /** A channel that wakes the workers, for example when an occurrence is due earlier than all others. */
  readonly wake: string;
  /** Only with a virtual clock: its distance from the time of Redis, and the time to which it is to move. */
  readonly virtualClock: { offset: string; target: string };
}

/**
 * The keys of the hot tier (docs/architecture.md). `prefix` ends with a colon. `shards` must never change while there
 * is data.
 */
export function createKeys(prefix: string, shards: number): Keys {
  return {
    shards: Array.from({ length: shards }, (_, shard) => shardKeys(`${prefix}{${shard}}:`)),
    shardOf: (scheduleId) => (shards === 1 ? 0 : crc32(scheduleId) % shards),
    name: (name) => `${prefix}name:${name}`,
    copies: {
      u: copyKeys(`${prefix}{accounts}:`),
      g: copyKeys(`${prefix}{settings}:`),
      p: copyKeys(`${prefix}{schemas}:`),
      o: copyKeys(`${prefix}{protection}:`),
    },
    answer: (shard, digest) => `${prefix}{${shard}}:answer:${digest}`,
    breakers: `${prefix}breakers`,
    wake: `${prefix}wake`,
    virtualClock: { offset: `${prefix}clock:offset`, target: `${prefix}clock:target` },
  };
}

export interface SharedKeys {
  lock(name: string): string;
  readonly counters: string;
  readonly workers: string;
  readonly reports: Readonly<Record<ReportName, string>>;
  /** When the pauses of schedules end. */
  readonly pauseEnds: string;
  /** Set for a while after an item was quarantined, so that the item is not stored again in every cycle. */
  quarantineNoted(id: string): string;
  /** Set while an item of the quarantine is released or discarded. */
  quarantineDeciding(id: string): string;
  readonly bulk: BulkKeys;
  /** When the loss of Redis was detected. */
  readonly lost: string;
  /** Set if ClickHouse was filled before Redis. */
  readonly seeded: string;
  /** A channel on which processes learn which settings, payload schemas or protection rules changed. */
  readonly settingsChanged: string;
  readonly access: AccessKeys;
}

/** Keys of sign-in. They share a hash tag, so that a session and its index change in one transaction. */
export interface AccessKeys {
  /** Set while the first account is created. */
  readonly firstAccount: string;
  readonly apiKeyUses: string;
  session(tokenHash: string): string;
  sessionsOf(userId: string): string;
  device(deviceHash: string): string;
  identityValue(keyHash: string): string;
  /** The prefix of a limit's keys. A colon and the account, address or browser follow. */
  signInFailures(source: string): string;
  signInGate(source: string): string;
}

export interface BulkKeys {
  /** The ids of the recent jobs. */
  readonly all: string;
  /** The ids of the jobs that are not over. */
  readonly active: string;
  job(jobId: string): string;
  /** The items to carry out. */
  ids(jobId: string): string;
  undo(jobId: string): string;
  abort(jobId: string): string;
}

/** `prefix` ends with a colon. */
export function createSharedKeys(prefix: string): SharedKeys {
  return {
    lock: (name) => `${prefix}lock:${name}`,
    counters: `${prefix}counters`,
    workers: `${prefix}workers`,
    reports: {
      watch: `${prefix}watch`,
      selfTest: `${prefix}selftest`,
      auditWebhook: `${prefix}audit:webhook`,
      auditSyslog: `${prefix}audit:syslog`,
    },
    pauseEnds: `${prefix}until`,
    quarantineNoted: (id) => `${prefix}quarantine:noted:${id}`,
    quarantineDeciding: (id) => `${prefix}quarantine:deciding:${id}`,
    lost: `${prefix}lost`,
    seeded: `${prefix}seeded`,
    settingsChanged: `${prefix}settings:changed`,
    bulk: bulkKeys(`${prefix}bulk:`),
    access: accessKeys(`${prefix}{access}:`),
  };
}

function accessKeys(tag: string): AccessKeys {
  return {
    firstAccount: `${tag}setup`,
    apiKeyUses: `${tag}key-uses`,
    session: (tokenHash) => `${tag}session:${tokenHash}`,
    sessionsOf: (userId) => `${tag}sessions:${userId}`,
    device: (deviceHash) => `${tag}device:${deviceHash}`,
    identityValue: (keyHash) => `${tag}identity:${keyHash}`,
    signInFailures: (source) => `${tag}limit:${source}:failures`,
    signInGate: (source) => `${tag}limit:${source}:gate`,
  };
}

function bulkKeys(start: string): BulkKeys {
  return {
    all: `${start}all`,
    active: `${start}active`,
    job: (jobId) => `${start}job:${jobId}`,
    ids: (jobId) => `${start}ids:${jobId}`,
    undo: (jobId) => `${start}undo:${jobId}`,
    abort: (jobId) => `${start}abort:${jobId}`,
  };
}

function copyKeys(tag: string): CopyKeys {
  return { rows: `${tag}rows`, versions: `${tag}versions`, index: `${tag}index` };
}

function shardKeys(tag: string): ShardKeys {
  const lanes = Object.fromEntries(LANES.map((lane) => [`due${lane}`, `${tag}due:${lane}`]));
  return {
    ...(lanes as Record<`due${Lane}`, string>),
    sched: `${tag}sched`,
    plan: `${tag}plan`,
    occ: `${tag}occ`,
    lease: `${tag}lease`,
    fence: `${tag}fence`,
    fenceExp: `${tag}fence:exp`,
    outbox: `${tag}outbox`,
    batch: `${tag}batch`,
    auditHead: `${tag}audit`,
    seen: `${tag}seen`,
    held: `${tag}held`,
    heldAt: `${tag}held:at`,
    heldUntil: `${tag}held:until`,
    epoch: `${tag}epoch`,
    rebuild: `${tag}rebuild`,
    paused: `${tag}paused`,
    probe: `${tag}probe`,
  };
}
