import { DataFault } from "~/server/domain/data-fault";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import type { Schedule } from "~/server/domain/schedule";
import { packId, unpackId } from "./packed-id";

/**
 * Fields of a schedule that stand elsewhere in its record: in the header line, behind the JSON, or in the row's key.
 */
type Elsewhere = "scheduleId" | "payload" | "priority" | "version" | "state";
/** These stand at a fixed place of the line, or have a coding of their own. */
type Fixed = "topic" | "entityType" | "action" | "correlationId" | "createdAt" | "updatedAt" | "executionTime";
type Plain = Exclude<keyof Schedule, Elsewhere | Fixed>;
type Stored = [created: number, topic: string, entityType: string, action: string, correlation: string, more?: More];
type More = Record<string, unknown>;

/** Left out of the JSON where a schedule has them. Shared by all rows and frozen: whoever changes a copy makes one. */
const DEFAULTS: Readonly<Pick<Schedule, Plain>> = SCHEDULE_DEFAULTS;
/**
 * Names in the JSON, which are stored data: never reuse one (`u` and `E` are taken). Beside each the way to its field,
 * as V8 looks up a name that it is given several times more slowly.
 */
const NAMES: { readonly [F in Plain]: readonly [short: string, of: (row: Schedule) => Schedule[F]] } = {
  name: ["n", (row) => row.name],
  description: ["d", (row) => row.description],
  tags: ["t", (row) => row.tags],
  enabled: ["x", (row) => row.enabled],
  entityId: ["i", (row) => row.entityId],
  actorType: ["y", (row) => row.actorType],
  actorId: ["z", (row) => row.actorId],
  rawValue: ["w", (row) => row.rawValue],
  headers: ["h", (row) => row.headers],
  cronExpression: ["c", (row) => row.cronExpression],
  timezone: ["Z", (row) => row.timezone],
  maxRetries: ["m", (row) => row.maxRetries],
  retryDelaySeconds: ["D", (row) => row.retryDelaySeconds],
  maxDelaySeconds: ["M", (row) => row.maxDelaySeconds],
  source: ["s", (row) => row.source],
  sourceId: ["S", (row) => row.sourceId],
  startAt: ["A", (row) => row.startAt],
  endAt: ["B", (row) => row.endAt],
  maxRuns: ["R", (row) => row.maxRuns],
  plannedSince: ["N", (row) => row.plannedSince],
  catchUp: ["C", (row) => row.catchUp],
  jitterSeconds: ["j", (row) => row.jitterSeconds],
  dstGap: ["G", (row) => row.dstGap],
  dstOverlap: ["O", (row) => row.dstOverlap],
  pauseNote: ["p", (row) => row.pauseNote],
  pausedBy: ["P", (row) => row.pausedBy],
  pausedAt: ["V", (row) => row.pausedAt],
  pausedUntil: ["U", (row) => row.pausedUntil],
  createdBy: ["b", (row) => row.createdBy],
};
const CODES = Object.entries(NAMES).map(([name, [short, of]]) => ({ short, of, absent: DEFAULTS[name as Plain] }));
const FIELD_OF = new Map(Object.entries(NAMES).map(([name, [short]]) => [short, name as Plain]));

/**
 * One line of compact JSON: default values are left out, a correlation id is packed, and left empty where it is the
 * schedule's own id; times are kept as the distance to the one that the header has. Behind the first field, lines of
 * schedules that are alike are the same text.
 */
export function encodeDefinition(schedule: Schedule): string {
  const more: More = {};
  let hasMore = false;
  for (let index = 0; index < CODES.length; index += 1) {
    const { short, of, absent } = CODES[index] as (typeof CODES)[number];
    const value = of(schedule);
    if (value === absent || isAbsentObject(value)) continue;
    more[short] = value;
    hasMore = true;
  }
  const { correlationId, createdAt, updatedAt, executionTime, cronExpression } = schedule;
  const correlation = correlationId === schedule.scheduleId ? "" : packId(correlationId);
  if (updatedAt !== createdAt) more.u = updatedAt - createdAt;
  if (cronExpression !== null && executionTime !== null) more.E = executionTime;
  const created = createdAt - baseTime(cronExpression, executionTime);
  const stored: Stored = [created, schedule.topic, schedule.entityType, schedule.action, correlation];
  if (hasMore || updatedAt !== createdAt) stored.push(more);
  return JSON.stringify(stored);
}

/** An empty list or map, or the default catch-up policy. */
function isAbsentObject(value: Schedule[Plain]): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  if ("maxRuns" in value && "policy" in value && "windowSeconds" in value) {
    const { policy, windowSeconds, maxRuns } = DEFAULTS.catchUp;
    return value.policy === policy && value.windowSeconds === windowSeconds && value.maxRuns === maxRuns;
  }
  for (const _ in value) return false;
  return true;
}

/** Only a one-time schedule's time stays what it is in the header. */
function baseTime(cronExpression: string | null, nominalMs: number | null): number {
  return cronExpression === null ? (nominalMs ?? 0) : 0;
}

/** What of a schedule stands outside of its definition's line. `nominalMs` is the header's. */
export type AroundDefinition = Pick<Schedule, Elsewhere> & { nominalMs: number | null };

/** The reverse of `encodeDefinition`, joined with the rest of the row. Throws for a line that is no definition. */
export function decodeSchedule(json: string, around: AroundDefinition): Schedule {
  const [created, topic, entityType, action, correlation, more] = JSON.parse(json) as Stored;
  if (typeof created !== "number" || typeof topic !== "string" || typeof correlation !== "string") {
    throw new DataFault("The definition is not in the form in which definitions are stored.");
  }
  const schedule: Schedule = {
    scheduleId: around.scheduleId,
    // Written out: V8 makes an object of this size several times faster from a literal than by spreading.
    name: DEFAULTS.name,
    description: DEFAULTS.description,
    enabled: DEFAULTS.enabled,
    entityId: DEFAULTS.entityId,
    actorType: DEFAULTS.actorType,
    actorId: DEFAULTS.actorId,
    rawValue: DEFAULTS.rawValue,
    cronExpression: DEFAULTS.cronExpression,
    timezone: DEFAULTS.timezone,
    maxRetries: DEFAULTS.maxRetries,
    retryDelaySeconds: DEFAULTS.retryDelaySeconds,
    maxDelaySeconds: DEFAULTS.maxDelaySeconds,
    source: DEFAULTS.source,
    sourceId: DEFAULTS.sourceId,
    startAt: DEFAULTS.startAt,
    endAt: DEFAULTS.endAt,
    maxRuns: DEFAULTS.maxRuns,
    plannedSince: DEFAULTS.plannedSince,
    jitterSeconds: DEFAULTS.jitterSeconds,
    dstGap: DEFAULTS.dstGap,
    dstOverlap: DEFAULTS.dstOverlap,
    pauseNote: DEFAULTS.pauseNote,
    pausedBy: DEFAULTS.pausedBy,
    pausedAt: DEFAULTS.pausedAt,
    pausedUntil: DEFAULTS.pausedUntil,
    createdBy: DEFAULTS.createdBy,
    tags: DEFAULTS.tags,
    headers: DEFAULTS.headers,
    catchUp: DEFAULTS.catchUp,
    topic,
    entityType,
    action,
    correlationId: correlation === "" ? around.scheduleId : unpackId(correlation),
    executionTime: null,
    createdAt: created,
    updatedAt: created,
    payload: around.payload,
    priority: around.priority,
    version: around.version,
    state: around.state,
  };
  if (more !== undefined) applyMore(schedule, more);
  const { cronExpression } = schedule;
  if (cronExpression === null) schedule.executionTime = around.nominalMs;
  else schedule.executionTime = (more?.E as number | undefined) ?? null;
  schedule.createdAt = created + baseTime(cronExpression, around.nominalMs);
  schedule.updatedAt = schedule.createdAt + ((more?.u as number | undefined) ?? 0);
  return schedule;
}

function applyMore(schedule: Schedule, more: More): void {
  const target = schedule as unknown as Record<string, unknown>;
  for (const short in more) {
    const field = FIELD_OF.get(short);
    if (field !== undefined) target[field] = more[short];
  }
}
