import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonText, jsonDepth, jsonMembers, keepPayloadTexts, requireSoundJson } from "./json-text";
import { mergePatch } from "./merge-patch";

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("the text of a payload", () => {
  it.each([
    '{"id":1970670598291982290,"a":1,"a":2}',
    '{ "a" : 1.0 , "b":-0,"c":1E400, "d":"\\u00e9\\ud83d\\ude00" }',
    '{"quoted":"\\"}{\\\\","empty":{},"list":[ ]}',
    "{}",
  ])("is kept byte for byte: %s", (payload) => {
    const text = ` {"name":"n", "payload": ${payload} ,"topic":"t"}\n`;
    const body = JSON.parse(text);
    keepPayloadTexts(body, text);
    expect(body).toMatchObject({ name: "n", topic: "t" });
    expect(body.payload).toBeInstanceOf(JsonText);
    expect(body.payload.text).toBe(payload);
  });

  it("is kept for each item of a batch, even if its key is written with escapes", () => {
    const text =
      '{"items":[{"payload":{"n":1.0},"tags":["]"]},3,[{"payload":{}}],{"p\\u0061yload":{"n":2.0}}],"payload":{"n":3.0}}';
    const body = JSON.parse(text);
    keepPayloadTexts(body, text);
    const texts = body.items.map((item: { payload?: JsonText }) => item.payload?.text);
    expect(texts).toEqual(['{"n":1.0}', undefined, undefined, '{"n":2.0}']);
    expect(body.payload.text).toBe('{"n":3.0}');
  });

  it("is not kept if the payload is not an object", () => {
    const text = '{"payload":[1]}';
    const body = JSON.parse(text);
    keepPayloadTexts(body, text);
    expect(body).toEqual({ payload: [1] });
  });

  it("is found between any other fields", () => {
    const other = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(fc.json(), other, other, (before, after, inner) => {
        const payload = `{"inner":${inner}}`;
        const text = `{"before":${before},"payload":${payload},"after":${after}}`;
        const body = JSON.parse(text);
        keepPayloadTexts(body, text);
        expect(body.payload.text).toBe(payload);
        expect(body.payload.depth).toBe(jsonDepth(payload));
      }),
    );
  });
});

describe("a duplicate field", () => {
  it.each([
    ['{"name":"a","name":"b"}', "name"],
    ['{"payload":{},"payload":{"a":1}}', "payload"],
    ['{"headers":{"x":"1","y":"2","x":"3"}}', "headers.x"],
  ])("is named in the error: %s", (text, field) => {
    expect(() => keepPayloadTexts(JSON.parse(text), text)).toThrow(`${field}: is given twice`);
  });

  it("makes only its own item of a batch invalid", () => {
    const text = '{"items":[{"name":"a"},{"name":"b","name":"c"},{"name":"d"}]}';
    const body = JSON.parse(text);
    keepPayloadTexts(body, text);
    expect(body.items[1]).toMatchObject({ code: "validation_failed", message: "name: is given twice" });
    expect([body.items[0], body.items[2]]).toEqual([{ name: "a" }, { name: "d" }]);
  });

  it("is allowed inside a payload", () => {
    const text = '{"payload":{"a":1,"a":2}}';
    expect(() => keepPayloadTexts(JSON.parse(text), text)).not.toThrow();
  });
});

describe("a payload", () => {
  it.each([
    [64, true],
    [65, false],
    [5000, false],
    [200_000, false],
  ])("nested %i levels deep is accepted: %s", (levels, accepted) => {
    const json = new JsonText(nested(levels), jsonDepth(nested(levels)));
    expect(json.depth).toBe(levels);
    if (accepted) requireSoundJson(json, "payload");
    else expect(() => requireSoundJson(json, "payload")).toThrow(`payload: is nested ${levels} levels deep`);
  });

  it.each([
    ['{"a":{"b":["x","\\ud800"]}}', "payload.a.b.1"],
    ['{"a":"\\uDFFF"}', "payload.a"],
    ['{"a":{"\\ud800":1}}', "payload.a"],
    ['{"a":"\\ud83d","b":"\\ude00"}', "payload.a"],
  ])("with invalid Unicode is refused with the path of the fault: %s", (text, field) => {
    expect(() => requireSoundJson(new JsonText(text, 1), "payload")).toThrow(`${field}: has an unpaired surrogate`);
  });

  it("may have surrogate pairs and escaped backslashes", () => {
    for (const text of ['{"a":"\\ud83d\\ude00"}', '{"a":"\\\\ud800"}'])
      requireSoundJson(new JsonText(text, 1), "payload");
  });
});

describe("a merge patch", () => {
  // The table of RFC 7396, appendix A.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', "{}"],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', "null", "null"],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
    ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])("changes %s by %s to %s", (target, patch, expected) => {
    expect(JSON.parse(mergePatch(target, patch))).toEqual(JSON.parse(expected));
  });

  it("keeps, byte for byte, the fields that it does not name", () => {
    const target = '{"a":{"b":1.0,"c":1970670598291982290},"d":[ 1E400 ]}';
    expect(mergePatch(target, '{"a":{"b":9}}')).toBe('{"a":{"b":9,"c":1970670598291982290},"d":[ 1E400 ]}');
  });

  it("keeps duplicate and escaped keys, and leaves no duplicate of a patched key", () => {
    const target = '{"a":1,"a":2,"\\u00e9":1.0,"b":{"c":1},"b":{"d":2}}';
    expect(mergePatch(target, '{"n":0}')).toBe('{"a":1,"a":2,"\\u00e9":1.0,"b":{"c":1},"b":{"d":2},"n":0}');
    expect(mergePatch(target, '{"b":{"e":3},"é":null}')).toBe('{"a":1,"a":2,"b":{"d":2,"e":3}}');
    expect(mergePatch(target, '{"a":null,"b":null}')).toBe('{"\\u00e9":1.0}');
  });
});

it("jsonMembers has the last of duplicate keys", () => {
  expect(jsonMembers('{"a":1,"a":2}')).toEqual(new Map([["a", "2"]]));
});
