import fc from "fast-check";

/*
 * The inputs are JSON texts, because JavaScript values cannot represent all of JSON: digits beyond 2^53, repeated
 * names, 1E400.
 */

const TEXTS = [
  String.raw`"\ud800"`,
  String.raw`"a\udfffb"`,
  String.raw`"a\u0000b"`,
  String.raw`"a\r\nX-Other: 1"`,
  String.raw`"\u2028\u2029"`,
  String.raw`"e\u0301"`,
  '""',
  '"   "',
  '"__proto__"',
  '"constructor"',
  '"null"',
  '"-"',
  '"@-1|0|"',
  '"\'; DROP TABLE schedules; --"',
  '"{{p1:String}} {a:UInt8} %s %00"',
  '"<script>alert(1)</script>"',
  JSON.stringify("x".repeat(300)),
  JSON.stringify("é".repeat(20_000)),
  JSON.stringify("\u{1f600}".repeat(200)),
];
const NUMBERS = ["0", "-0", "-1", "0.1", "1e-7", "1e21", "1e308", "1E400", "-1E400", "9007199254740993"].concat(
  ["123456789012345678901234567890", "253402300800000", "1790000000000000000", "4294967296", "-9223372036854775808"],
  // Not JSON.
  ["00", "+1", ".5", "NaN", "Infinity", "0x10", "1_000"],
);
const TIMES = [
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00Z",
  "-000001-01-01T00:00:00Z",
].concat(
  ["2027-02-30T00:00:00Z", "2027-06-01T24:00:00Z", "2027-06-01T10:00:60Z", "2027-06-01", "2027-06-01 10:00", "10:00"],
  ["2027-06-01T10:00:00+99:99", "2299-12-30T00:00:00Z", "2299-12-31T00:00:00Z", "1899-12-31T00:00:00Z", "now", "-1"],
);
const deep = fc
  .tuple(fc.constantFrom(2, 63, 64, 65, 5000), fc.boolean())
  .map(([n, list]) => (list ? `${"[".repeat(n)}${"]".repeat(n)}` : `${'{"a":'.repeat(n)}1${"}".repeat(n)}`));

const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
/** Any characters. Some texts have unpaired surrogates, which the unit "binary" leaves out. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 16 }),
  fc.string({ unit: codeUnit, maxLength: 16 }),
);

/** Valid and invalid JSON texts that few fields accept. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(...TIMES.map((time) => JSON.stringify(time))) },
  { weight: 2, arbitrary: fc.constantFrom("null", "true", "false", "[]", "{}", "[[]]", '{"policy":"all"}', "[null]") },
  { weight: 2, arbitrary: anyText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

/** Texts of one cron field: values from `low` to `high`, special values from `names`, and some invalid values. */
const cronField = (low: number, high: number, names: readonly string[]) => {
  const number = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: low, max: high }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(...names, "99", "-1", "007", "60", "7") },
  );
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant("*") },
    { weight: 4, arbitrary: number },
    fc.tuple(number, number).map(([a, b]) => `${a}-${b}`),
    fc.integer({ min: 0, max: 70 }).map((step) => `*/${step}`),
    fc.tuple(number, number, fc.integer({ min: 0, max: 40 })).map(([a, b, step]) => `${a}-${b}/${step}`),
    fc.array(number, { minLength: 2, maxLength: 5 }).map((list) => list.join(",")),
  );
};
const grammar = fc
  .tuple(
    cronField(0, 59, ["0"]),
    cronField(0, 59, ["0"]),
    cronField(0, 23, ["24"]),
    cronField(1, 31, ["L", "15W", "LW", "L-3", "?", "31"]),
    cronField(1, 12, ["JAN", "feb", "DEC", "13"]),
    cronField(0, 7, ["MON", "sun", "5#3", "FRI#5", "5L", "?", "SUN-SAT"]),
    fc.constantFrom(5, 6, 6, 6, 7),
  )
  .map(([second, minute, hour, day, month, weekday, count]) => {
    const six = [second, minute, hour, day, month, weekday];
    if (count === 5) return six.slice(1).join(" ");
    return count === 7 ? `${six.join(" ")} 2030` : six.join(" ");
  });
const mutated = fc
  .tuple(
    grammar,
    fc.nat(60),
    fc.constantFrom("", "  ", "\t", "*", "/", "-", ",", "#", "L", "\0", "٣", "H", "1e9", "\ud800"),
  )
  .map(([cron, at, put]) => `${cron.slice(0, at)}${put}${cron.slice(at + 1)}`);

/** A cron of five to seven fields, often valid, or with one changed character, or a special cron such as a macro. */
export const cronText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: grammar },
  { weight: 3, arbitrary: mutated },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "@daily",
      "@reboot",
      "@every 1s",
      "@yearly",
      "0 0 30 2 *",
      "0 0 29 2 1",
      "* * * * * *",
      "H H * * *",
    ),
  },
);
