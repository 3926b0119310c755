import fc from "fast-check";
import { anyText, cronText, hostileJson } from "./texts";

/**
 * A definition as a client writes it. Members have wire names and the JSON text of their values. Names may repeat.
 */
export interface Definition {
  members: readonly (readonly [name: string, json: string])[];
  /** How the text is damaged before it is sent. */
  damage: "none" | "truncated" | "no_utf8" | "bom" | "no_object";
  /** A random number below 1000 that selects the call. */
  call: number;
  /** A random number below 1000 that selects the schedule of the call. */
  scheduleDraw: number;
  id: string;
  /** Only for code: a field and any value for it, often one that JSON cannot represent. */
  foreign: readonly [name: string, value: unknown] | null;
}

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "America/New_York",
  "EST5EDT",
  "Etc/GMT+14",
  "Asia/Kathmandu",
].concat(["america/new_york", "+02:00", "Mars/Olympus", "../etc/passwd"]);
const NAMES = ["fuzz", "FUZZ", "fuzz ", "caf\u00e9", "cafe\u0301", "\u212b", "a/b", "..", "0", "true"];
// Kafka's limit is 249 characters.
const LONGEST_TOPIC = `fuzz.${"l".repeat(244)}`;
const TOPICS = ["fuzz.a", "fuzz.b", "fuzz-c", "fuzz.a", "fuzz.b", "fuzz-c", "fuzz.a", LONGEST_TOPIC, "..", "fuzz.ü"];
// The limit of a payload is 1 MiB.
const LARGE_PAYLOAD = `{"large":"${"x".repeat(200_000)}"}`;
const TOO_LARGE_PAYLOAD = `{"large":"${"x".repeat(1_050_000)}"}`;

/** Mostly usual texts. */
const someText = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 16 }).filter((text) => text.trim() !== ""),
  },
  { weight: 1, arbitrary: anyText },
);
const quoted = (text: fc.Arbitrary<string>) => text.map((value) => JSON.stringify(value));

/** Times in several formats, mostly due during the run. */
function timeJson(nowMs: number): fc.Arbitrary<string> {
  const ms = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -20_000, max: 60_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 60_000, max: 20_000_000_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -4e12, max: 1e13 }) },
  );
  return fc.tuple(ms, fc.constantFrom("z", "z", "offset", "seconds", "ms", "text")).map(([offset, form]) => {
    const at = nowMs + offset;
    if (form === "seconds") return String(at / 1000);
    if (form === "ms") return String(at);
    const iso = new Date(at).toISOString();
    if (form === "offset") return JSON.stringify(new Date(at + 5.5 * 3_600_000).toISOString().replace("Z", "+05:30"));
    return JSON.stringify(form === "text" ? iso.replace(/Z$/, "123456Z") : iso);
  });
}

const payload = fc.oneof(
  { weight: 40, arbitrary: fc.json({ maxDepth: 3 }).map((json) => `{"value":${json}}`) },
  { weight: 20, arbitrary: hostileJson.map((json) => `{"value":${json}}`) },
  {
    weight: 10,
    arbitrary: fc.constantFrom('{"a":1,"a":2}', '{"n":12345678901234567890, "m" : 1.0}', '{"__proto__":{"x":1}}'),
  },
  { weight: 2, arbitrary: fc.constant(LARGE_PAYLOAD) },
  { weight: 1, arbitrary: fc.constant(TOO_LARGE_PAYLOAD) },
);
const headers = fc
  .dictionary(fc.oneof(fc.stringMatching(/^[\x21-\x7e]{1,12}$/), anyText), someText, { maxKeys: 4 })
  .map((value) => JSON.stringify(value));

const fields = (nowMs: number) => ({
  name: quoted(fc.oneof(fc.constantFrom(...NAMES), fc.uuid(), fc.uuid(), someText)),
  description: quoted(someText),
  tags: fc.array(someText, { maxLength: 3 }).map((tags) => JSON.stringify(tags)),
  enabled: fc.constantFrom("true", "true", "false"),
  topic: quoted(fc.constantFrom(...TOPICS)),
  entity_type: quoted(fc.oneof(fc.constant("fuzz"), someText)),
  entity_id: quoted(someText),
  action: quoted(fc.oneof(fc.constant("fire"), someText)),
  actor_type: quoted(fc.constantFrom("user", "system", "root")),
  headers,
  correlation_id: quoted(fc.oneof(fc.uuid(), someText)),
  timezone: quoted(fc.constantFrom(...ZONES)),
  max_delay_seconds: fc.constantFrom("1", "60", "31536000", "31536001"),
  priority: fc.constantFrom("0", "9", "5", "1", "3", "10", "4.5"),
  start_at: timeJson(nowMs),
  end_at: timeJson(nowMs),
  max_runs: fc.constantFrom("1", "1000000000", "0", "null"),
  catch_up: fc.constantFrom(
    '{"policy":"all"}',
    '{"policy":"none","max_runs":10000}',
    '{"window_seconds":0}',
    '{"policy":"some"}',
  ),
  jitter_seconds: fc.constantFrom("0", "1", "86400", "86401"),
  dst_gap: fc.constantFrom('"skip"', '"shift"', '"first_valid"'),
});

/** Definitions, many of them valid, others with invalid values, unknown members or damaged text. */
export function definitions(nowMs: number): fc.Arbitrary<Definition> {
  const known = fields(nowMs);
  const time = fc.oneof(
    { weight: 5, arbitrary: timeJson(nowMs).map((json) => ["execution_time", json] as const) },
    { weight: 4, arbitrary: quoted(cronText).map((json) => ["cron_expression", json] as const) },
  );
  const content = fc.oneof(
    payload.map((json) => ["payload", json] as const),
    payload.map((json) => ["body", JSON.stringify(json)] as const),
  );
  const valid = fc
    .tuple(time, content, fc.subarray(Object.keys(known), { maxLength: 4 }), fc.record(known))
    .map(([when, what, names, values]) => [
      when,
      what,
      ["entity_type", '"fuzz"'] as const,
      ...names.map((name) => [name, values[name as keyof typeof values]] as const),
    ]);
  const wrongName = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(...Object.keys(known), "execution_time", "cron_expression", "payload", "body"),
    },
    { weight: 1, arbitrary: fc.constantFrom("unknown", "__proto__", "scheduleId", "constructor", "status", "version") },
  );
  const invalid = fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(fc.tuple(wrongName, hostileJson), { minLength: 1, maxLength: 2 }) },
  );
  return fc.record({
    members: fc.tuple(valid, invalid).map(([a, b]) => [...a, ...b]),
    damage: fc.oneof(
      { weight: 30, arbitrary: fc.constant("none" as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("truncated" as const, "no_utf8" as const, "bom" as const, "no_object" as const),
      },
    ),
    call: fc.noBias(fc.nat(999)),
    scheduleDraw: fc.noBias(fc.nat(999)),
    id: fc.oneof(fc.uuid(), fc.constantFrom("..", "%00", "__proto__", "x".repeat(3000), "null"), anyText),
    foreign: fc.option(
      fc.tuple(
        fc.constantFrom("payload", "headers", "executionTime", "scheduledAt", "tags", "name", "event", "body"),
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
        }),
      ),
      { freq: 6 },
    ),
  });
}

/** The undamaged definition as text, with members in the given spelling. */
export function jsonOf(
  { members }: Pick<Definition, "members">,
  spell: (name: string) => string = (name) => name,
): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(spell(name))}:${json}`).join(",")}}`;
}

export const camel = (name: string) =>
  name.startsWith("__") ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The bytes that the server receives. */
export function bytesOf(text: string, damage: Definition["damage"]): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text);
  if (damage === "truncated") return new Uint8Array(bytes.subarray(0, Math.floor(bytes.length / 2)));
  if (damage === "no_utf8")
    return new Uint8Array(Buffer.concat([bytes.subarray(0, -2), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])]));
  if (damage === "bom") return new Uint8Array(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]));
  return new Uint8Array(damage === "no_object" ? Buffer.from(`[${text}`.slice(0, 500)) : bytes);
}
