import type { Schedule } from "~/server/domain/schedule";
import { packId, unpackId } from "./packed-id";

/** Fields of a schedule that stand elsewhere in its record: in the header line, behind the JSON, or in the row's key. */
type Elsewhere = "scheduleId" | "payload" | "priority" | "version" | "state";
/** These stand at a fixed place of the line, or have a coding of their own. */
type Fixed = "topic" | "entityType" | "action" | "correlationId" | "createdAt" | "updatedAt" | "executionTime";
type Plain = Exclude<keyof Schedule, Elsewhere | Fixed>;
type Stored = [topic: string, entityType: string, action: string, correlation: string, created: number, more?: More];
type More = Record<string, unknown>;

/** Name in the JSON, and the value that is left out. The names are stored data: never reuse one (`u` and `E` are taken). */
const FIELDS: { readonly [F in Plain]: readonly [short: string, absent: Schedule[F]] } = {
  name: ["n", null],
  description: ["d", ""],
  tags: ["t", []],
  enabled: ["x", true],
  entityId: ["i", null],
  actorType: ["y", "system"],
  actorId: ["z", "scheduler"],
  rawValue: ["w", false],
  headers: ["h", {}],
  cronExpression: ["c", null],
  timezone: ["Z", "UTC"],
  maxRetries: ["m", 3],
  retryDelaySeconds: ["D", 60],
  maxDelaySeconds: ["M", 86_400],
  source: ["s", "api_request"],
  sourceId: ["S", null],
  startAt: ["A", null],
  endAt: ["B", null],
  maxRuns: ["R", null],
  catchUp: ["C", { policy: "last", windowSeconds: 86_400, maxRuns: 100 }],
  jitterSeconds: ["j", 0],
  dstGap: ["G", "first_valid"],
  dstOverlap: ["O", "first"],
  pauseNote: ["p", null],
  pausedBy: ["P", null],
  pausedUntil: ["U", null],
  createdBy: ["b", ""],
};
const CODES = Object.entries(FIELDS).map(([field, [short, absent]]) => ({
  field: field as Plain,
  short,
  absent,
  // Arrays and objects are compared by their text.
  absentText: typeof absent === "object" && absent !== null ? JSON.stringify(absent) : null,
}));
const FIELD_OF = new Map<string, Plain>(CODES.map(({ short, field }) => [short, field]));
const DEFAULTS = Object.fromEntries(CODES.map(({ field, absent }) => [field, absent])) as Pick<Schedule, Plain>;

/**
 * One line of compact JSON: default values are left out, a generated correlation id is packed, times are kept as the
 * distance to the one that the header has.
 */
export function encodeDefinition(schedule: Schedule): string {
  const more: More = {};
  let hasMore = false;
  for (const { field, short, absent, absentText } of CODES) {
    const value = schedule[field];
    if (value === absent) continue;
    if (absentText !== null && JSON.stringify(value) === absentText) continue;
    more[short] = value;
    hasMore = true;
  }
  const { correlationId, createdAt, updatedAt, executionTime, cronExpression } = schedule;
  const correlation = packId(correlationId);
  if (updatedAt !== createdAt) more.u = updatedAt - createdAt;
  if (cronExpression !== null && executionTime !== null) more.E = executionTime;
  const stored: Stored = [
    schedule.topic,
    schedule.entityType,
    schedule.action,
    correlation,
    createdAt - baseTime(cronExpression, executionTime),
  ];
  if (hasMore || updatedAt !== createdAt) stored.push(more);
  return JSON.stringify(stored);
}

/** Only a one-time schedule's time stays what it is in the header. */
function baseTime(cronExpression: string | null, nominalMs: number | null): number {
  return cronExpression === null ? (nominalMs ?? 0) : 0;
}

/** What of a schedule stands outside of its definition's line. `nominalMs` is the header's. */
export type AroundDefinition = Pick<Schedule, Elsewhere> & { nominalMs: number | null };

/** The reverse of `encodeDefinition`, joined with the rest of the row. */
export function decodeSchedule(json: string, around: AroundDefinition): Schedule {
  const [topic, entityType, action, correlation, created, more] = JSON.parse(json) as Stored;
  const schedule: Schedule = {
    scheduleId: around.scheduleId,
    ...DEFAULTS,
    // Not shared with the defaults: a caller may write to its own copy.
    tags: [],
    headers: {},
    catchUp: { ...DEFAULTS.catchUp },
    topic,
    entityType,
    action,
    correlationId: unpackId(correlation),
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
