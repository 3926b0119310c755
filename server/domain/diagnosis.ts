import { HEALTH_LIMITS } from "./health-limits";

/** What was read about the parts of an installation. A part that could not be read has the reason instead. */
export interface DiagnosisFacts {
  redis: Read<RedisFacts>;
  clickhouse: Read<ClickHouseFacts>;
  bus: Read<BusFacts>;
  web: ProcessFacts;
  workers: Read<readonly (ProcessFacts & { workerId: string })[]>;
}
export type Read<T> = T | { fault: string };

export interface RedisFacts {
  name: string;
  version: string;
  mode: string;
  masters: number;
  appendOnly: boolean;
  appendFsync: string | null;
  usedBytes: number;
  maxBytes: number | null;
  policy: string;
}

export interface ClickHouseFacts {
  version: string;
  timezone: string;
  /** The clock of the server minus that of Redis; null with a virtual clock, which ClickHouse does not follow. */
  clockSkewMs: number | null;
  settings: readonly { name: string; value: string; isChanged: boolean }[];
  disks: readonly { name: string; freeBytes: number; totalBytes: number }[];
  mostParts: number;
}

export interface BusFacts {
  kind: "kafka" | "redis_streams";
  brokers: readonly string[];
  topics: readonly { topic: string; partitions: number; replicas: number }[];
  group: { group: string; topic: string; state: string; members: number; lag: number | null };
}

export interface ProcessFacts {
  version: string;
  /** The clock of the process minus that of Redis; null with a virtual clock. */
  clockSkewMs: number | null;
  /** Null if the process does not report its time zone database. */
  tzdata: { version: string; source: string } | null;
}

/** One finding. `expected` is null if any value is right, or if nothing can be said. */
export interface Check {
  part: "redis" | "clickhouse" | "bus" | "web" | "worker";
  /** Stable, for programs. */
  name: string;
  state: "ok" | "warning" | "critical" | "unknown";
  value: string;
  expected: string | null;
  /** What to do; null if there is no advice. */
  advice: string | null;
}

/** The oldest version with all commands that the product uses, such as XAUTOCLAIM. */
const REDIS_VERSION = "6.2";
/** Shares of the memory limit and of a disk. */
const MEMORY = { warning: 0.8, critical: 0.95 };
const FREE_DISK = { warning: 0.15, critical: 0.05 };
/** Half of the parts from which ClickHouse delays inserts by default. */
const MANY_PARTS = 500;
const LAG = { warning: HEALTH_LIMITS.backlog.warning, critical: HEALTH_LIMITS.backlog.critical };

type Finding = Omit<Check, "part">;

/** Judges the facts: one check for each, in a fixed order. */
export function diagnose(facts: DiagnosisFacts): Check[] {
  const { web } = facts;
  return [
    ...checksOf("redis", facts.redis, redisChecks),
    ...checksOf("clickhouse", facts.clickhouse, clickhouseChecks),
    ...checksOf("bus", facts.bus, busChecks),
    ...partOf("web", processChecks(web, "")),
    ...checksOf("worker", facts.workers, (workers) => workerChecks(workers, web)),
  ];
}

function checksOf<T extends object>(part: Check["part"], read: Read<T>, judge: (facts: T) => Finding[]): Check[] {
  if (!("fault" in read)) return partOf(part, judge(read));
  const { fault } = read as { fault: string };
  return partOf(part, [{ name: "reachable", state: "critical", value: fault, expected: "an answer", advice: null }]);
}

const partOf = (part: Check["part"], findings: readonly Finding[]): Check[] =>
  findings.map((finding) => ({ part, ...finding }));

const fact = (name: string, value: string): Finding => ({ name, state: "ok", value, expected: null, advice: null });

/** A finding with an expectation. `advice` is left out where the state is ok. */
function judged(input: Omit<Finding, "state"> & { isOk: boolean; state?: Check["state"] }): Finding {
  const { isOk, state = "warning", advice, ...rest } = input;
  return { ...rest, state: isOk ? "ok" : state, advice: isOk ? null : advice };
}

function redisChecks(redis: RedisFacts): Finding[] {
  const { name, version, mode, masters, policy } = redis;
  return [
    judged({
      name: "version",
      isOk: isAtLeast(version, REDIS_VERSION),
      state: version === "unknown" ? "unknown" : "critical",
      value: `${productName(name)} ${version}`,
      expected: `${REDIS_VERSION} or newer`,
      advice: "Upgrade Redis.",
    }),
    fact("mode", masters > 1 ? `${mode}, ${masters} masters` : mode),
    persistence(redis),
    judged({
      name: "eviction",
      isOk: policy === "noeviction",
      state: policy === "unknown" ? "unknown" : "critical",
      value: policy,
      expected: "noeviction",
      advice: "Set maxmemory-policy to noeviction: with another policy, a full Redis may delete data.",
    }),
    memory(redis),
  ];
}

function persistence({ appendOnly, appendFsync }: RedisFacts): Finding {
  const syncs = appendFsync === null || !appendFsync.split(", ").includes("no");
  return judged({
    name: "persistence",
    isOk: appendOnly && syncs,
    value: appendOnly ? `append-only file, fsync ${appendFsync ?? "unknown"}` : "no append-only file",
    expected: "append-only file, fsync everysec or always",
    advice: "Set appendonly to yes and appendfsync to everysec: otherwise a crash may lose acknowledged changes.",
  });
}

function memory({ usedBytes, maxBytes }: RedisFacts): Finding {
  if (maxBytes === null) return fact("memory", `${bytes(usedBytes)}, no limit`);
  const share = usedBytes / maxBytes;
  return judged({
    name: "memory",
    isOk: share < MEMORY.warning,
    state: share < MEMORY.critical ? "warning" : "critical",
    value: `${bytes(usedBytes)} of ${bytes(maxBytes)} (${percent(share)})`,
    expected: `less than ${percent(MEMORY.warning)}`,
    advice: "Raise maxmemory, or shorten IMMEDIATE_HORIZON_SECONDS: a full Redis refuses new schedules.",
  });
}

function clickhouseChecks(clickhouse: ClickHouseFacts): Finding[] {
  const { version, timezone, settings, disks, mostParts, clockSkewMs } = clickhouse;
  const readonly = settings.find(({ name }) => name === "readonly")?.value;
  const changed = settings.filter(({ isChanged }) => isChanged).map(({ name, value }) => `${name}=${value}`);
  return [
    fact("version", version),
    fact("timezone", timezone),
    judged({
      name: "readonly",
      isOk: readonly === "0",
      state: readonly === undefined ? "unknown" : "critical",
      value: readonly === undefined ? "unknown" : readonly === "0" ? "writes are allowed" : `readonly=${readonly}`,
      expected: "writes are allowed",
      advice: "Give the user of the product a profile without readonly.",
    }),
    fact("settings", changed.length === 0 ? "defaults" : `not at their defaults: ${changed.join(", ")}`),
    ...disks.map(disk),
    judged({
      name: "parts",
      isOk: mostParts < MANY_PARTS,
      value: `${mostParts} in a partition`,
      expected: `less than ${MANY_PARTS}`,
      advice: "Merges do not keep up with inserts: check the disk and the background pool of ClickHouse.",
    }),
    clock("clock", clockSkewMs),
  ];
}

function disk({ name, freeBytes, totalBytes }: ClickHouseFacts["disks"][number]): Finding {
  const free = freeBytes / totalBytes;
  return judged({
    name: `disk ${name}`,
    isOk: free >= FREE_DISK.warning,
    state: free >= FREE_DISK.critical ? "warning" : "critical",
    value: `${bytes(freeBytes)} of ${bytes(totalBytes)} free (${percent(free)})`,
    expected: `at least ${percent(FREE_DISK.warning)} free`,
    advice: "Free space, or shorten EXECUTION_HISTORY_TTL_DAYS: a full ClickHouse accepts no long-term schedules.",
  });
}

function busChecks({ kind, brokers, topics, group }: BusFacts): Finding[] {
  const groupState = `${group.state}, members: ${group.members}`;
  return [
    fact("kind", kind === "kafka" ? "Kafka" : "Redis Streams"),
    fact("brokers", brokers.join(", ")),
    ...topics.map(({ topic, partitions, replicas }) =>
      judged({
        name: `topic ${topic}`,
        isOk:
          partitions === 0 ? isCreatedLater(topic) : kind === "redis_streams" || replicas > 1 || brokers.length === 1,
        value: partitions === 0 ? "does not exist" : topicText({ kind, partitions, replicas }),
        expected:
          partitions === 0 && isCreatedLater(topic)
            ? "exists after the first refused message"
            : kind === "kafka" && brokers.length > 1
              ? "at least 2 replicas"
              : "exists",
        advice:
          partitions === 0
            ? "A worker creates it when it starts. If that fails, create it by hand."
            : "Raise the replication factor: the loss of one broker stops this topic.",
      }),
    ),
    judged({
      name: `group ${group.group}`,
      // Redis lists a reader only after the reader has received its first message.
      isOk: group.members > 0 || (kind === "redis_streams" && group.state === "present" && group.lag === 0),
      value: groupState,
      expected: "at least one member",
      advice: "No worker reads the delayed topic. Check that a worker runs and can reach the broker.",
    }),
    lag(group.lag),
  ];
}

/** The dead-letter topic is created with the first refused message. */
const isCreatedLater = (topic: string) => topic.endsWith(".dlq");

const topicText = ({ kind, partitions, replicas }: { kind: string; partitions: number; replicas: number }) =>
  kind === "kafka" ? `partitions: ${partitions}, replicas: ${replicas}` : "exists";

function lag(unread: number | null): Finding {
  if (unread === null) return { ...fact("lag", "unknown"), state: "unknown" };
  return judged({
    name: "lag",
    isOk: unread < LAG.warning,
    state: unread < LAG.critical ? "warning" : "critical",
    value: `${unread} messages`,
    expected: `less than ${LAG.warning}`,
    advice: "Workers read the delayed topic too slowly: add workers or partitions.",
  });
}

function workerChecks(workers: readonly (ProcessFacts & { workerId: string })[], web: ProcessFacts): Finding[] {
  return [
    judged({
      name: "alive",
      isOk: workers.length > 0,
      state: "critical",
      value: String(workers.length),
      expected: "at least 1",
      advice: "Start a worker: without one, nothing fires.",
    }),
    ...workers.flatMap((worker) => processChecks(worker, ` of ${worker.workerId}`, web)),
  ];
}

function processChecks(one: ProcessFacts, suffix: string, web: ProcessFacts = one): Finding[] {
  const { version, clockSkewMs, tzdata } = one;
  return [
    judged({
      name: `version${suffix}`,
      isOk: version === web.version,
      value: version,
      expected: web === one ? null : web.version,
      advice: "Web and worker have different releases. This is expected only during an upgrade.",
    }),
    clock(`clock${suffix}`, clockSkewMs),
    judged({
      name: `time zones${suffix}`,
      isOk: tzdata !== null && tzdata.version === web.tzdata?.version,
      state: tzdata === null ? "unknown" : "warning",
      value: tzdata === null ? "unknown" : `${tzdata.version} (${tzdata.source})`,
      expected: web === one ? null : (web.tzdata?.version ?? null),
      advice: "Give all processes the same TZDATA_DIR or image: otherwise they plan different times.",
    }),
  ];
}

function clock(name: string, skewMs: number | null): Finding {
  if (skewMs === null) return fact(name, "virtual");
  const limit = HEALTH_LIMITS.skewWarning;
  return judged({
    name,
    isOk: Math.abs(skewMs) <= limit,
    value: `${Math.round(skewMs)} ms from the clock of Redis`,
    expected: `at most ${limit} ms`,
    advice: "Synchronise the clocks of the machines, for example with NTP.",
  });
}

function isAtLeast(version: string, wanted: string): boolean {
  return /^\d/.test(version) && version.localeCompare(wanted, "en", { numeric: true }) >= 0;
}

/** "Redis" for "redis". */
const productName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const percent = (share: number) => `${Math.round(share * 100)}%`;

function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
