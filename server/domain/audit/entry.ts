import { z } from "zod";
import { SUCCEEDED } from "./results";

/** An audit document as it is stored. Documents of older releases lack some of the fields. */
const AuditDocument = z.object({
  id: z.string(),
  at: z.int(),
  actorId: z.string().default(""),
  actor: z.string(),
  via: z.string(),
  client: z.string().nullish(),
  address: z.string().nullish(),
  requestId: z.string().nullish(),
  action: z.string(),
  target: z.string(),
  targetName: z.string().nullish(),
  targets: z.array(z.string()).nullish(),
  job: z.string().nullish(),
  result: z.string().nullish(),
  errorCode: z.string().nullish(),
  call: z.string().nullish(),
  count: z.int().nullish(),
  onBehalfOf: z.string().nullish(),
  note: z.string().nullish(),
  topic: z.string().nullish(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

/** One audit entry: who did what to which target, when and from where. */
export interface AuditEntry {
  /** A UUID v7 of the entry's time, so that entries sort by their id. */
  entryId: string;
  /** ISO 8601 UTC. */
  at: string;
  actor: string;
  actorId: string;
  /** `session`, `api_key`, `mcp`, `code`, `kafka_delayed`, `system`, or `anonymous` for an unknown refused caller. */
  via: string;
  /** The program that the caller says it is, such as the name of an assistant. */
  client: string | null;
  /**
   * The person on whose decision a machine acts, such as the person who set the end of a pause, or the service account
   * that owns the API key.
   */
  onBehalfOf: string | null;
  /** The caller's network address, if known. */
  address: string | null;
  requestId: string | null;
  /** Such as `schedule.pause`. */
  verb: string;
  /** The id of the object, such as a schedule; for some refused calls a name or the call. */
  target: string;
  /** The target's name at that time, if it has one. */
  targetName: string | null;
  /** The other ids that the entry is about, such as the schedules of one batch. */
  targets: string[];
  /** The bulk job that made this change to one of its schedules. */
  job: string | null;
  /** `succeeded` or `refused`. */
  result: string;
  /** Why the call was refused. */
  errorCode: string | null;
  /** The refused call, such as `schedules.delete` or `DELETE schedules/{id}`. */
  call: string | null;
  /** How many refused calls or items, or schedules from delayed messages, the entry is about; 1 for other entries. */
  count: number;
  note: string | null;
  /** The topic of a payload in `before` or `after`, if recorded. */
  topic: string | null;
  /** The changed fields with their old and new values; all fields of a create or of a small object. */
  before: unknown;
  after: unknown;
}

/** Reads a stored document. Throws for text that is not an audit document. */
export function readAuditEntry(json: string): AuditEntry {
  const { id, at, action, targets, result, count, before, after, ...rest } = AuditDocument.parse(JSON.parse(json));
  const { actor, actorId, via, target } = rest;
  return {
    ...{ actor, actorId, via, target },
    entryId: id,
    at: new Date(at).toISOString(),
    verb: action,
    targetName: rest.targetName ?? null,
    targets: targets ?? [],
    job: rest.job ?? null,
    result: result ?? SUCCEEDED,
    errorCode: rest.errorCode ?? null,
    call: rest.call ?? null,
    count: count ?? 1,
    client: rest.client ?? null,
    onBehalfOf: rest.onBehalfOf ?? null,
    note: rest.note ?? null,
    topic: rest.topic ?? null,
    address: rest.address ?? null,
    requestId: rest.requestId ?? null,
    before: before ?? null,
    after: after ?? null,
  };
}

/** Maximum number of characters of each text in `before` and `after` of a list's entry; a payload has up to 1 MiB. */
const MAX_TEXT_CHARS = 2000;
/** Maximum number of ids in a list's entry. */
const MAX_TARGETS = 20;

/** The entry as lists show it, with long texts and long lists of ids cut. */
export function shortEntry<Entry extends AuditEntry>(entry: Entry): Entry & { targetCount: number } {
  return {
    ...entry,
    targets: entry.targets.slice(0, MAX_TARGETS),
    targetCount: entry.targets.length,
    before: cutTexts(entry.before),
    after: cutTexts(entry.after),
  };
}

function cutTexts(value: unknown): unknown {
  if (typeof value === "string" && value.length > MAX_TEXT_CHARS) {
    return `${value.slice(0, MAX_TEXT_CHARS)}… (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutTexts(inner)]));
}
