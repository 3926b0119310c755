import { describe, expect, it, test } from "vitest";
import type { AppError } from "../errors";
import { combined, compileRule, type Protection } from "./compile";
import { keepMasked } from "./keep";
import { maskContent } from "./mask";
import { appliesTo, ProtectionRule } from "./rule";

const rules = (paths: string[], patterns: string[] = []) => combined([compileRule({ paths, patterns })]);
const mask = (protection: Protection | null, payload: string, headers = {}) =>
  maskContent(protection, { payload, headers });

const CARD = "\\b\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}\\b";

describe("a masked payload", () => {
  test.each<[name: string, paths: string[], patterns: string[], payload: string, shown: string, masked: string[]]>([
    [
      "one member",
      ["$.card.number"],
      [],
      '{"card":{"number":"1","exp":2}}',
      '{"card":{"number":"••••","exp":2}}',
      ["$.card.number"],
    ],
    [
      "all members",
      ["$.card.*"],
      [],
      '{"card":{"n":"1","o":{"p":1}}}',
      '{"card":{"n":"••••","o":"••••"}}',
      ["$.card.n", "$.card.o"],
    ],
    ["a whole object", ["$.card"], [], '{"card":{"n":"1"},"x":1}', '{"card":"••••","x":1}', ["$.card"]],
    [
      "members at any depth",
      ["$..iban"],
      [],
      '{"iban":1,"a":[{"iban":"x"}]}',
      '{"iban":"••••","a":[{"iban":"••••"}]}',
      ["$.iban", "$.a[0].iban"],
    ],
    ["inner and outer members", ["$.a", "$.a.b"], [], '{"a":{"b":1}}', '{"a":"••••"}', ["$.a"]],
    [
      "a member of a delayed message",
      ["$.card"],
      [],
      '{"payload":{"card":"1"}}',
      '{"payload":{"card":"••••"}}',
      ["$.payload.card"],
    ],
    [
      "a text with a match",
      [],
      [CARD],
      '{"note":"paid with 4111 1111 1111 1111","n":1}',
      '{"note":"••••","n":1}',
      ["$.note"],
    ],
    ["a number with a match", [], [CARD], '{"card":4111111111111111}', '{"card":"••••"}', ["$.card"]],
    ["the first of a repeated member, by leaving it out", ["$.a.b"], [], '{"a":{"b":1},"a":{}}', '{"a":{}}', []],
    ["a member beside a repeated one", ["$.b"], [], '{"a":"1","a":{"b":2},"b":3}', '{"a":{"b":2},"b":"••••"}', ["$.b"]],
    [
      "a member named __proto__",
      ["$.__proto__"],
      [],
      '{"__proto__":"secret"}',
      '{"__proto__":"••••"}',
      ["$.__proto__"],
    ],
    ["text that is not JSON", ["$.a"], [], "secret", '"••••"', ["$"]],
    ["nothing", ["$.card"], [CARD], '{ "a": 1.0 }', '{"a":1.0}', []],
  ])("hides %s", (_, paths, patterns, payload, shown, masked) => {
    expect(mask(rules(paths, patterns), payload)).toEqual({ payload: shown, headers: {}, masked });
  });

  it("keeps numbers as they were written", () => {
    const payload = '{"card":"1","big":12345678901234567890,"exact":1.0,"huge":1E400}';
    expect(mask(rules(["$.card"]), payload).payload).toBe(payload.replace('"1"', '"••••"'));
  });

  it("is hidden as a whole if it has too many values to search", () => {
    const payload = JSON.stringify(Array.from({ length: 60_000 }, () => "a"));
    expect(mask(rules([], [CARD]), payload)).toMatchObject({ payload: '"••••"', masked: ["$"] });
  });

  it("takes linear time with a pattern that makes other engines backtrack", () => {
    const payload = JSON.stringify({ a: "a".repeat(200_000) });
    expect(mask(rules([], ["(a+)+b$"]), payload).masked).toEqual([]);
  });
});

test("headers are masked by name, whatever its case, and by pattern", () => {
  const headers = { Authorization: "Bearer 1", "x-note": "4111-1111-1111-1111", other: "1" };
  expect(mask(rules(["$headers.authorization"], [CARD]), "{}", headers)).toEqual({
    payload: "{}",
    headers: { Authorization: "••••", "x-note": "••••", other: "1" },
    masked: ["$headers.Authorization", "$headers.x-note"],
  });
  const list = [
    ["a", "1"],
    ["a", "c2VjcmV0", "base64"],
    ["b", null],
  ] as never;
  expect(mask(rules(["$headers.*"]), "{}", list).headers).toEqual([
    ["a", "••••"],
    ["a", "••••"],
    ["b", null],
  ]);
  expect(mask(rules([], ["secret"]), "{}", list).headers).toEqual([
    ["a", "1"],
    ["a", "••••"],
    ["b", null],
  ]);
});

test.each<[field: string, paths: string[], patterns: string[], message: string]>([
  ["paths[0]", ["card"], [], "is not a JSONPath"],
  ["paths[1]", ["$.a", "$.b["], [], "is not a JSONPath"],
  ["paths[0]", ["$"], [], "is the whole payload"],
  ["paths[0]", ["$.a[?@.b == 1]"], [], "has a filter"],
  ["paths[0]", ["$..a..b"], [], "has more than one .."],
  ["patterns[0]", [], ["(a)\\1"], "is not a regular expression"],
  ["patterns[0]", [], ["(?=a)"], "is not a regular expression"],
  ["patterns[1]", [], ["a", "a*"], "matches an empty text"],
])("%s of %j and %j is refused: it %4$s", (field, paths, patterns, message) => {
  const failure = (() => {
    try {
      return compileRule({ paths, patterns });
    } catch (error) {
      return error as AppError;
    }
  })();
  expect(failure).toMatchObject({ code: "validation_failed", faults: [{ field, expected: expect.any(String) }] });
  expect((failure as AppError).message).toContain(message);
});

test.each([
  ["payments", "payments", true],
  ["payments", "payments.eu", false],
  ["payments.*", "payments.eu", true],
  ["payments.*", "payments", false],
  ["*", "anything", true],
])("the rule of %s applies to the topic %s: %s", (rule, topic, applies) => {
  expect(ProtectionRule.parse({ topic: rule }).topic).toBe(rule);
  expect(appliesTo({ topic: rule }, topic)).toBe(applies);
});

test.each(["", "a b", "*a", "a.*.b", ".."])("the topic %j is refused", (topic) => {
  expect(ProtectionRule.safeParse({ topic }).success).toBe(false);
});

describe("a mask that is sent back", () => {
  const protection = rules(["$.card.*", "$..iban", "$headers.auth"]);
  const content = {
    payload: '{ "card": {"n": 12345678901234567890}, "items": [{"id":1,"iban":"A"},{"id":2,"iban":"B"}] }',
    headers: { auth: "secret", other: "1" },
  };
  const shown = JSON.parse(mask(protection, content.payload).payload);
  const keep = (payload: string, over: object = {}) =>
    keepMasked({
      given: { payload, headers: {} },
      protection,
      stored: { content, protection },
      mayExpose: false,
      ...over,
    });
  const refusal = (run: () => unknown) => {
    try {
      run();
      return [];
    } catch (error) {
      return (error as AppError).faults.map(({ field }) => field);
    }
  };

  it("keeps the stored text byte for byte, if nothing else changed", () => {
    expect(keep(mask(protection, content.payload).payload).payload).toBe(content.payload);
  });

  it("is replaced by the stored value, beside changed values", () => {
    expect(keep(JSON.stringify({ ...shown, note: "new" })).payload).toBe(
      '{"card":{"n":12345678901234567890},"items":[{"id":1,"iban":"A"},{"id":2,"iban":"B"}],"note":"new"}',
    );
    expect(keep('{"card":{"n":"new"}}').payload).toBe('{"card":{"n":"new"}}');
  });

  it("is refused without a stored value, and its path is named", () => {
    expect(refusal(() => keep('{"card":{"n":"••••","other":"••••"}}'))).toEqual(["payload.card.other"]);
    expect(refusal(() => keep('{"card":{"n":"••••"}}', { stored: null }))).toEqual(["payload.card.n"]);
  });

  it("is refused in a list whose items were added, removed or moved", () => {
    const [first, second] = shown.items;
    for (const items of [[second], [second, first], [first, second, { id: 3 }]]) {
      expect(refusal(() => keep(JSON.stringify({ items })))).toEqual(["payload.items"]);
    }
    expect(keep(JSON.stringify({ items: [first, { ...second, id: 9 }] })).payload).toBe(
      '{"items":[{"id":1,"iban":"A"},{"id":9,"iban":"B"}]}',
    );
  });

  it("does not move a value to a place where it would be shown, unless the caller may see the value", () => {
    const elsewhere = { protection: rules(["$.card.*"]) };
    const whole = mask(protection, content.payload).payload;
    expect(refusal(() => keep(whole, elsewhere))).toEqual(["payload.items[0].iban", "payload.items[1].iban"]);
    expect(refusal(() => keep('{"card":{"n":"••••"}}', elsewhere))).toEqual([]);
    expect(keep(whole, { ...elsewhere, mayExpose: true }).payload).toBe(content.payload);
    const headers = { auth: "••••" };
    expect(refusal(() => keep("{}", { ...elsewhere, given: { payload: "{}", headers } }))).toEqual(["headers.auth"]);
  });

  it("is replaced in headers", () => {
    const given = { payload: "{}", headers: { auth: "••••", other: "2" } };
    expect(keep("", { given }).headers).toEqual({ auth: "secret", other: "2" });
    const unknown = { payload: "{}", headers: { other: "••••" } };
    expect(refusal(() => keep("", { given: unknown }))).toEqual(["headers.other"]);
  });

  it("is ordinary text for a topic without rules", () => {
    const given = { payload: '{"a":"••••"}', headers: { a: "••••" } };
    const none = { content, protection: null };
    expect(keepMasked({ given, protection: null, stored: none, mayExpose: false })).toEqual(given);
  });
});
