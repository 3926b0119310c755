import { DataFault } from "~/server/domain/data-fault";
import { SCHEDULE_DEFAULTS } from "~/server/domain/new-schedule";
import type { Schedule } from "~/server/domain/schedule";
import { packId, unpackId } from "./packed-id";

/** Fields of a schedule that are stored in the header, in the payload or as the row's key. */
type OutsideField = "scheduleId" | "payload" | "priority" | "version" | "state";
/** Fields of the definition's line with a fixed place or their own encoding. */
type Fixed = "topic" | "entityType" | "action" | "correlationId" | "createdAt" | "updatedAt" | "executionTime";
type Plain = Exclude<keyof Schedule, OutsideField | Fixed>;
type Stored = [
  created: number,
  topic: string,
  entityType: string,
  action: string,
  correlation: string,
  optional?: OptionalFields,
];
/** Values by short name, without default values. */
type OptionalFields = Record<string, unknown>;

/** Default values, which the JSON leaves out. Decoded rows share these lists and maps, which are frozen. */
const DEFAULTS: Readonly<Pick<Schedule, Plain>> = SCHEDULE_DEFAULTS;
/**
 * The short name of each field in the JSON, and its getter. Never reuse a name, because stored rows contain it. `u`
 * (updatedAt) and `E` (executionTime of a recurring schedule) are taken too. In V8 a getter is several times faster
 * than a lookup by a computed name.
 */
const NAMES: { readonly [F in Plain]: readonly [short: string, read: (row: Schedule) => Schedule[F]] } = {
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
const CODES = Object.entries(NAMES).map(([name, [short, read]]) => ({
  short,
  read,
  byDefault: DEFAULTS[name as Plain],
}));
const FIELD_OF = new Map(Object.entries(NAMES).map(([name, [short]]) => [short, name as Plain]));

/**
 * One line of compact JSON without default values. The correlation id is packed, or empty if it is the schedule's id.
 * `createdAt` is stored relative to `baseTime`, and `updatedAt` relative to `createdAt`. Similar schedules have equal
 * lines after the first field, so that a claim composes their common message parts once
 * (lua/includes/event_message.lua).
 */
export function encodeDefinition(schedule: Schedule): string {
  const optional: OptionalFields = {};
  let hasOptional = false;
  for (let index = 0; index < CODES.length; index += 1) {
    const { short, read, byDefault } = CODES[index] as (typeof CODES)[number];
    const value = read(schedule);
    if (value === byDefault || isDefaultObject(value)) continue;
    optional[short] = value;
    hasOptional = true;
  }
  const { correlationId, createdAt, updatedAt, executionTime, cronExpression } = schedule;
  const correlation = correlationId === schedule.scheduleId ? "" : packId(correlationId);
  if (updatedAt !== createdAt) optional.u = updatedAt - createdAt;
  if (cronExpression !== null && executionTime !== null) optional.E = executionTime;
  const created = createdAt - baseTime(cronExpression, executionTime);
  const stored: Stored = [created, schedule.topic, schedule.entityType, schedule.action, correlation];
  if (hasOptional || updatedAt !== createdAt) stored.push(optional);
  return JSON.stringify(stored);
}

/** Whether the value is an empty list or map, or the default catch-up policy. */
function isDefaultObject(value: Schedule[Plain]): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  if ("maxRuns" in value && "policy" in value && "windowSeconds" in value) {
    const { policy, windowSeconds, maxRuns } = DEFAULTS.catchUp;
    return value.policy === policy && value.windowSeconds === windowSeconds && value.maxRuns === maxRuns;
  }
  for (const _ in value) return false;
  return true;
}

/** The nominal time of a one-time schedule; 0 for a recurring schedule, whose nominal time changes with each claim. */
function baseTime(cronExpression: string | null, nominalMs: number | null): number {
  return cronExpression === null ? (nominalMs ?? 0) : 0;
}

/** The fields of a schedule outside of its definition's line, and `nominalMs` from the header. */
export type OutsideDefinition = Pick<Schedule, OutsideField> & { nominalMs: number | null };

/**
 * Decodes a definition's line and joins it with the rest of the row.
 * @throws DataFault for a malformed line, SyntaxError for invalid JSON.
 */
export function decodeSchedule(json: string, outside: OutsideDefinition): Schedule {
  const [created, topic, entityType, action, correlation, optional] = JSON.parse(json) as Stored;
  if (typeof created !== "number" || typeof topic !== "string" || typeof correlation !== "string") {
    throw new DataFault("The definition does not have the stored format.");
  }
  const schedule: Schedule = {
    scheduleId: outside.scheduleId,
    // A literal: spreading takes several times as long in V8 for an object of this size.
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
    correlationId: correlation === "" ? outside.scheduleId : unpackId(correlation),
    executionTime: null,
    createdAt: created,
    updatedAt: created,
    payload: outside.payload,
    priority: outside.priority,
    version: outside.version,
    state: outside.state,
  };
  if (optional !== undefined) applyOptional(schedule, optional);
  const { cronExpression } = schedule;
  if (cronExpression === null) schedule.executionTime = outside.nominalMs;
  else schedule.executionTime = (optional?.E as number | undefined) ?? null;
  schedule.createdAt = created + baseTime(cronExpression, outside.nominalMs);
  schedule.updatedAt = schedule.createdAt + ((optional?.u as number | undefined) ?? 0);
  return schedule;
}

function applyOptional(schedule: Schedule, optional: OptionalFields): void {
  const target = schedule as unknown as Record<string, unknown>;
  for (const short in optional) {
    const field = FIELD_OF.get(short);
    if (field !== undefined) target[field] = optional[short];
  }
}
