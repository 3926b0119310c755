import { parse as parseLossless } from "lossless-json";
import { z } from "zod";
import { withoutSnippet } from "./data-fault";
import { parseDelayMs, parseInstant } from "./delivery-time";
import { LATEST_DAY, LATEST_MS } from "./instant";
import { filterHeaders, type MessageHeaders, type PlainHeaders, readableHeaders } from "./message-headers";
import { ActorType, MAX_PAYLOAD_BYTES, TOPIC_PATTERN } from "./schedule";
import { isInScope } from "./scope";
import { prefixesIn } from "./settings";

/** Defaults of absent headers (contract §6). */
const DEFAULT_PRIORITY = 1;
const DEFAULT_MAX_DELAY_SECONDS = 86_400;
/** For the ledger, its filters and the header `action`: the value is published byte for byte. */
const DEFAULT_ACTION = "deliver";
const MAX_PRIORITY = 9;
const LARGEST_MAX_DELAY_SECONDS = 31_536_000;

/** Headers with instructions to the scheduler; they are not part of the event. */
const INSTRUCTIONS: ReadonlySet<string> = new Set([
  "delivery_time",
  "delay_ms",
  "delivery_delay_ms",
  "original_topic",
  "priority",
  "max_delay_seconds",
]);

/**
 * A text field that is stored. Replaces an unpaired surrogate, which JSON can contain and no store can keep, by U+FFFD.
 * The message's value is published unchanged.
 */
const unicode = z.string().transform((text) => text.replace(/\p{Cs}/gu, "\ufffd"));
const identifier = z.union([unicode, z.number().transform(String)]);
const orNull = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? null);

/** Lenient: refuses only values whose meaning would have to be guessed. */
const DelayedValue = z.object({
  // Not used, but validated: senders rely on the refusal of ids that are neither text nor number.
  event_id: orNull(identifier),
  correlation_id: orNull(identifier),
  entity: orNull(z.object({ type: orNull(unicode), id: orNull(identifier) })),
  action: orNull(unicode),
  actor: orNull(z.object({ type: ActorType.catch("system"), id: identifier.catch("scheduler") })),
});

/** A parsed message of the delayed topic. */
export interface DelayedMessage {
  /** Epoch ms; due at once if it is in the past. */
  deliveryTimeMs: number;
  originalTopic: string;
  correlationId: string | null;
  entityType: string | null;
  entityId: string | null;
  action: string;
  actorType: ActorType;
  actorId: string;
  priority: number;
  maxDelaySeconds: number;
  /** The sender's other headers. */
  headers: MessageHeaders;
  /** The unchanged value, a JSON object in valid UTF-8. */
  text: string;
}

export type DelayedFaultCode =
  | "batch_undecodable"
  | "original_topic_missing"
  | "original_topic_invalid"
  | "delivery_time_missing"
  | "delivery_time_invalid"
  | "delay_too_long"
  | "priority_invalid"
  | "max_delay_invalid"
  | "value_too_large"
  | "value_not_utf8"
  | "value_not_json"
  | "event_invalid"
  | "schema_mismatch"
  | "topic_not_allowed"
  | "unprocessable";

/** Keeps a byte order mark, so that `JSON.parse` refuses it. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Why a message goes to the dead-letter topic. `field`: the header, or the path in the value, at fault. */
export interface DelayedFault {
  ok: false;
  code: DelayedFaultCode;
  reason: string;
  field: string;
}

export type DelayedParse = { ok: true; message: DelayedMessage } | DelayedFault;

interface DelayedInput {
  headers: MessageHeaders;
  value: Buffer;
  /** The timestamp of the message, epoch ms, to which a delay is added. */
  timestampMs: number;
  nowMs: number;
  limits: { maxDeliveryDelaySeconds: number; delayedTopicPrefixes: string };
  /** The reason, if the input stands for a batch that the bus could not decode. */
  undecodable?: string;
}

const fault = (code: DelayedFaultCode, field: string, reason: string): DelayedFault => ({
  ok: false,
  code,
  field,
  reason,
});

/**
 * Parses a message of the delayed topic (contract §6). No value is clamped or guessed: an invalid message is refused.
 * Exceptions: an actor's invalid type becomes `system`, its invalid id `scheduler`; see also `unicode`.
 */
export function parseDelayedMessage(input: DelayedInput): DelayedParse {
  const headers = readableHeaders(input.headers);
  if (input.undecodable !== undefined) return fault("batch_undecodable", "value", input.undecodable);
  const originalTopic = headers.original_topic?.trim() ?? "";
  if (originalTopic === "")
    return fault("original_topic_missing", "original_topic", "the header original_topic is missing");
  if (!TOPIC_PATTERN.test(originalTopic)) {
    return fault(
      "original_topic_invalid",
      "original_topic",
      `"${originalTopic.slice(0, 300)}" is not a valid topic name`,
    );
  }
  const allowed = prefixesIn(input.limits.delayedTopicPrefixes);
  if (allowed.length > 0 && !isInScope(allowed, originalTopic)) {
    const reason = `"${originalTopic}" does not begin with ${allowed.join(", ")} (DELAYED_TOPIC_PREFIXES)`;
    return fault("topic_not_allowed", "original_topic", reason);
  }
  const time = deliveryTime(input, headers);
  if (!time.ok) return time;
  const event = readValue(input.value);
  if (!event.ok) return event;
  const priority = wholeNumber(headers.priority, { min: 0, max: MAX_PRIORITY, whenAbsent: DEFAULT_PRIORITY });
  if (priority === null) {
    const reason = `"${headers.priority}" is not a whole number from 0 to ${MAX_PRIORITY}`;
    return fault("priority_invalid", "priority", reason);
  }
  const range = { min: 1, max: LARGEST_MAX_DELAY_SECONDS, whenAbsent: DEFAULT_MAX_DELAY_SECONDS };
  const maxDelaySeconds = wholeNumber(headers.max_delay_seconds, range);
  if (maxDelaySeconds === null) {
    const reason = `"${headers.max_delay_seconds}" is not a whole number from 1 to ${LARGEST_MAX_DELAY_SECONDS}`;
    return fault("max_delay_invalid", "max_delay_seconds", reason);
  }
  const { entity, actor } = event.value;
  return {
    ok: true,
    message: {
      deliveryTimeMs: time.ms,
      originalTopic,
      correlationId: event.value.correlation_id || headers.correlation_id || null,
      entityType: entity?.type || headers.entity_type || null,
      entityId: entity?.id || headers.entity_id || null,
      action: event.value.action || headers.action || DEFAULT_ACTION,
      actorType: actor?.type ?? "system",
      actorId: actor?.id ?? "scheduler",
      priority,
      maxDelaySeconds,
      headers: filterHeaders(input.headers, (name) => !INSTRUCTIONS.has(name)),
      text: event.text,
    },
  };
}

function deliveryTime(input: DelayedInput, headers: PlainHeaders): { ok: true; ms: number } | DelayedFault {
  const { timestampMs, nowMs, limits } = input;
  const headerName = (["delivery_time", "delay_ms", "delivery_delay_ms"] as const).find((name) =>
    headers[name]?.trim(),
  );
  if (!headerName) {
    const reason = "one of the headers delivery_time, delay_ms and delivery_delay_ms is required";
    return fault("delivery_time_missing", "delivery_time", reason);
  }
  const text = headers[headerName] ?? "";
  const delayMs = headerName === "delivery_time" ? null : parseDelayMs(text);
  const ms = headerName === "delivery_time" ? parseInstant(text) : delayMs === null ? null : timestampMs + delayMs;
  if (ms === null) {
    const expected =
      headerName === "delivery_time" ? "an epoch in seconds or milliseconds, nor ISO 8601" : "a number of milliseconds";
    return fault("delivery_time_invalid", headerName, `"${text.slice(0, 100)}" is not ${expected}`);
  }
  if (ms - nowMs > limits.maxDeliveryDelaySeconds * 1000) {
    const seconds = Math.ceil((ms - nowMs) / 1000);
    const reason = `the delay of ${seconds} s is longer than the ${limits.maxDeliveryDelaySeconds} s allowed`;
    return fault("delay_too_long", headerName, reason);
  }
  if (ms > LATEST_MS) {
    const reason = `"${text.slice(0, 100)}" is later than ${LATEST_DAY}, the last day that can be stored`;
    return fault("delivery_time_invalid", headerName, reason);
  }
  return { ok: true, ms };
}

function readValue(value: Buffer): { ok: true; value: z.infer<typeof DelayedValue>; text: string } | DelayedFault {
  if (value.byteLength > MAX_PAYLOAD_BYTES) {
    const reason = `the value of ${value.byteLength} bytes is larger than the ${MAX_PAYLOAD_BYTES} allowed`;
    return fault("value_too_large", "value", reason);
  }
  let text: string;
  try {
    text = UTF8.decode(value);
  } catch {
    return fault("value_not_utf8", "value", "the value is not valid UTF-8");
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fault("value_not_json", "value", `the value is not JSON: ${withoutSnippet((error as Error).message)}`);
  }
  const parsed = DelayedValue.safeParse(withExactIds(json, text));
  if (parsed.success) return { ok: true, value: parsed.data, text };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "value";
  return fault("event_invalid", field, `the value is not an event: ${field}: ${issue?.message ?? "not valid"}`);
}

/** Paths of the ids that may be numbers. */
const IDS = [["event_id"], ["correlation_id"], ["entity", "id"], ["actor", "id"]] as const;

/**
 * Replaces numeric ids that are not safe integers by the digits that the sender wrote. Only messages with such ids,
 * which are rare, are parsed a second time.
 */
function withExactIds(json: unknown, text: string): unknown {
  const inexact = IDS.filter((path) => {
    const id = valueAt(json, path);
    return typeof id === "number" && !Number.isSafeInteger(id);
  });
  if (inexact.length === 0) return json;
  const digits = {
    parseNumber: (number: string) => number,
    onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue,
  };
  const exact = parseLossless(text, null, digits);
  for (const path of inexact) {
    const holder = valueAt(json, path.slice(0, -1)) as Record<string, unknown>;
    holder[path.at(-1) as string] = valueAt(exact, path);
  }
  return json;
}

function valueAt(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    json,
  );
}

function wholeNumber(text: string | undefined, range: { min: number; max: number; whenAbsent: number }): number | null {
  if (text === undefined || text.trim() === "") return range.whenAbsent;
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  return number >= range.min && number <= range.max ? number : null;
}
