import { z } from "zod";
import { CATCH_UP_POLICIES, DST_GAPS, DST_OVERLAPS, OUTCOMES, SCHEDULE_STATUSES, SOURCES, TIERS } from "./choices";
import { Instant } from "./instant";
import { JsonText } from "./json-text";
import type { MessageHeaders } from "./message-headers";
import { HeaderValue, Label, Line, Name, Paragraph } from "./text";

export { MAX_PAYLOAD_BYTES, PAST_GRACE_MS } from "./schedule-limits";

/** Kafka's rule for topic names, which are also safe in Redis keys. */
export const TOPIC_PATTERN = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

const Topic = z
  .string()
  .regex(TOPIC_PATTERN, "must be 1 to 249 characters of letters, digits, '.', '_' and '-', and not '.' or '..'");
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;
export const Source = z.enum(SOURCES);
export type Source = z.infer<typeof Source>;
export const ActorType = z.enum(["guest", "user", "admin", "system", "service"]);
export type ActorType = z.infer<typeof ActorType>;
export const ScheduleStatus = z.enum(SCHEDULE_STATUSES);
export type ScheduleStatus = z.infer<typeof ScheduleStatus>;
export const DstGap = z.enum(DST_GAPS);
export type DstGap = z.infer<typeof DstGap>;
export const DstOverlap = z.enum(DST_OVERLAPS);
export type DstOverlap = z.infer<typeof DstOverlap>;
export const CatchUp = z.strictObject({
  policy: z.enum(CATCH_UP_POLICIES),
  windowSeconds: z.int().min(0).max(31_536_000),
  maxRuns: z.int().min(1).max(10_000),
});
export type CatchUp = z.infer<typeof CatchUp>;

/** A time of a definition, normalised to ISO 8601 in UTC with milliseconds. */
const instant = Instant.transform((ms) => new Date(ms).toISOString());
/**
 * A JSON object, or its text from the request. The contents are validated later and not copied here. The check uses the
 * string tag, which differs for objects that JSON does not have, such as dates.
 */
const JsonObject = z.custom<Record<string, unknown> | JsonText>(
  (value) => value instanceof JsonText || Object.prototype.toString.call(value) === "[object Object]",
  "must be a JSON object",
);
const headerName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");
/** Refuses a header `__proto__`: an object cannot hold it as a plain property, and zod's record drops it silently. */
const headers = z
  .custom<Record<string, string>>(
    (value) => typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__"),
    "must not have the name __proto__",
  )
  .meta({ additionalProperties: { type: "string" } })
  .pipe(z.record(headerName, HeaderValue));
/** Tabs may separate the fields of a crontab. */
const tabsToSpaces = z.string().transform((text) => text.replaceAll("\t", " "));
export const CronText = tabsToSpaces.pipe(Label(256));

/**
 * A schedule's definition by a caller (camelCase; REST maps from snake_case). The service applies the defaults, because
 * it knows the settings. It also checks that exactly one of `cronExpression` and `executionTime` and at most one of
 * `payload` and `body` is set, so that its error can name both fields. `eventType`, `eventAction` and `scheduledAt` are
 * older names of `entityType`, `action` and `executionTime`.
 */
export const ScheduleInput = z.strictObject({
  name: Name(200).nullish(),
  description: Paragraph(2000).optional(),
  tags: z.array(Name(64)).max(50).optional(),
  enabled: z.boolean().optional(),
  topic: Topic.optional(),
  entityType: Label(128).optional(),
  entityId: Label(256).nullish(),
  action: Label(128).optional(),
  eventType: Label(128).optional(),
  eventAction: Label(128).optional(),
  actorType: ActorType.optional(),
  actorId: Label(256).optional(),
  payload: JsonObject.optional(),
  body: z.string().optional(),
  headers: headers.optional(),
  correlationId: Label(512).optional(),
  cronExpression: CronText.nullish(),
  executionTime: instant.nullish(),
  scheduledAt: instant.nullish(),
  timezone: Line(64).min(1).optional(),
  maxRetries: z.int().min(0).max(10).optional(),
  retryDelaySeconds: z.int().min(1).max(3600).optional(),
  maxDelaySeconds: z.int().min(1).max(31_536_000).optional(),
  priority: z.int().min(0).max(9).optional(),
  startAt: instant.nullish(),
  endAt: instant.nullish(),
  maxRuns: z.int().min(1).max(1_000_000_000).nullish(),
  catchUp: CatchUp.partial().optional(),
  jitterSeconds: z.int().min(0).max(86_400).optional(),
  dstGap: DstGap.optional(),
  dstOverlap: DstOverlap.optional(),
});
export type ScheduleInput = z.infer<typeof ScheduleInput>;

/** A schedule. Times are integer epoch milliseconds, UTC. `payload` is the JSON text that the caller sent. */
export interface Schedule {
  scheduleId: string;
  name: string | null;
  description: string;
  tags: string[];
  enabled: boolean;
  topic: string;
  entityType: string;
  entityId: string | null;
  action: string;
  actorType: ActorType;
  actorId: string;
  /** JSON text of an object or, with `rawValue`, of the whole message value. */
  payload: string;
  /** Whether the payload is the value of a delayed message, which is published without the EventMessage envelope. */
  rawValue: boolean;
  headers: MessageHeaders;
  correlationId: string;
  cronExpression: string | null;
  executionTime: number | null;
  timezone: string;
  maxRetries: number;
  retryDelaySeconds: number;
  maxDelaySeconds: number;
  priority: number;
  source: Source;
  sourceId: string | null;
  startAt: number | null;
  endAt: number | null;
  maxRuns: number | null;
  /** When the current times took effect, epoch ms: their last edit, or the last resume. Null: the creation. */
  plannedSince: number | null;
  catchUp: CatchUp;
  jitterSeconds: number;
  dstGap: DstGap;
  dstOverlap: DstOverlap;
  pauseNote: string | null;
  pausedBy: string | null;
  /** Occurrences after this time are missed, epoch ms: the pause, or a later edit of the times. */
  pausedAt: number | null;
  pausedUntil: number | null;
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  /** Increases by one with each edit, pause, resume and delete. */
  version: number;
  state: ScheduleState;
}

/** The part of a schedule that firing changes. `revision` increases with every write. */
export interface ScheduleState {
  revision: number;
  tier: Tier;
  completed: boolean;
  deleted: boolean;
  /** Nominal time of the next planned occurrence, epoch ms; null for none. */
  nextExecution: number | null;
  lastExecution: number | null;
  lastStatus: Outcome | null;
  lastError: string | null;
  executionCount: number;
  errorCount: number;
  /** Number of planned occurrences that were claimed or caught up, with any outcome or none yet. For `max_runs`. */
  runsTaken: number;
}

export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** `status` is derived, never stored (contract §2). */
export function scheduleStatus(
  schedule: Pick<Schedule, "enabled" | "pauseNote" | "pausedBy"> & {
    state: Pick<ScheduleState, "completed">;
  },
): ScheduleStatus {
  if (schedule.state.completed) return "completed";
  if (schedule.enabled) return "active";
  return schedule.pausedBy !== null ? "paused" : "disabled";
}
