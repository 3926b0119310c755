import { DEFAULT_TOPIC, type Schedule } from "~/server/domain/schedule";

/** Fields of a schedule that stand elsewhere in its record: in the header line, behind the JSON, or in the row's key. */
type Elsewhere = "scheduleId" | "payload" | "priority" | "version" | "state";
type Definition = Omit<Schedule, Elsewhere>;
/** These have a coding of their own below. */
type Special = "correlationId" | "executionTime" | "createdAt" | "updatedAt";
type Plain = Exclude<keyof Definition, Special>;

/** Name in the JSON, and the value that is left out. The names are stored data: never reuse one. */
const FIELDS: { readonly [F in Plain]: readonly [short: string, absent: Definition[F]] } = {
  name: ["n", null],
  description: ["d", ""],
  tags: ["t", []],
  enabled: ["x", true],
  topic: ["o", DEFAULT_TOPIC],
  entityType: ["e", ""],
  entityId: ["i", null],
  action: ["a", ""],
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
  // Arrays and objects are compared by their text, and copied afresh when they are absent.
  absentText: typeof absent === "object" && absent !== null ? JSON.stringify(absent) : null,
}));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** One line of compact JSON: default values are left out, a generated correlation id is packed. */
export function encodeDefinition(schedule: Schedule): string {
  const out: Record<string, unknown> = {};
  for (const { field, short, absent, absentText } of CODES) {
    const value = schedule[field];
    if (value === absent) continue;
    if (absentText !== null && JSON.stringify(value) === absentText) continue;
    out[short] = value;
  }
  const { correlationId, createdAt, updatedAt, executionTime } = schedule;
  if (UUID.test(correlationId)) out.g = Buffer.from(correlationId.replaceAll("-", ""), "hex").toString("base64url");
  else out.q = correlationId;
  out.k = createdAt;
  if (updatedAt !== createdAt) out.u = updatedAt - createdAt;
  // A one-time schedule's time is the header's nominal time.
  if (schedule.cronExpression !== null && executionTime !== null) out.E = executionTime;
  return JSON.stringify(out);
}

/** The reverse. `nominalMs` is the header's. */
export function decodeDefinition(json: string, nominalMs: number | null): Definition {
  const stored = JSON.parse(json) as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const { field, short, absent, absentText } of CODES) {
    const value = stored[short];
    out[field] = value !== undefined ? value : absentText === null ? absent : JSON.parse(absentText);
  }
  const createdAt = stored.k as number;
  out.correlationId = typeof stored.g === "string" ? unpackUuid(stored.g) : stored.q;
  out.createdAt = createdAt;
  out.updatedAt = createdAt + ((stored.u as number | undefined) ?? 0);
  out.executionTime = out.cronExpression === null ? nominalMs : ((stored.E as number | undefined) ?? null);
  return out as unknown as Definition;
}

function unpackUuid(packed: string): string {
  const hex = Buffer.from(packed, "base64url").toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
