import { describe, expect, it } from "vitest";
import { AppError } from "~/server/domain/errors";
import { compileSchema } from "./compile";

const ORDER = JSON.stringify({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["order_id", "items"],
  additionalProperties: false,
  properties: {
    order_id: { type: "string", pattern: "^[0-9]+$" },
    currency: { enum: ["EUR", "USD"] },
    sent: { type: "string", format: "date-time" },
    items: { type: "array", minItems: 1, items: { $ref: "#/$defs/item" } },
  },
  $defs: { item: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } } },
});
const item = { sku: "a" };

describe("a payload schema", () => {
  it.each<[string, unknown, string[]]>([
    ["accepts a payload that matches", { order_id: "1", items: [item], currency: "EUR" }, []],
    [
      "names the path of a wrong value",
      { order_id: "1", items: [item, item, { sku: 3 }] },
      ["payload.items[2].sku must be string"],
    ],
    ["names missing fields", { items: [{}] }, ["payload.order_id is missing", "payload.items[0].sku is missing"]],
    ["names unknown fields", { order_id: "1", items: [item], "x/y": 1 }, ['payload["x/y"] is not in the schema']],
    [
      "lists the allowed values",
      { order_id: "1", items: [item], currency: "GBP" },
      ['payload.currency must be one of "EUR", "USD"'],
    ],
    [
      "names the pattern that a value does not match",
      { order_id: "a", items: [item] },
      ['payload.order_id must match pattern "^[0-9]+$"'],
    ],
    ["treats a format as an annotation", { order_id: "1", items: [item], sent: "soon" }, []],
  ])("%s", (_name, payload, faults) => {
    expect(compileSchema(ORDER)(payload).map(({ path, message }) => `${path} ${message}`)).toEqual(faults);
  });

  it("names at most ten faults", () => {
    expect(compileSchema(ORDER)({ order_id: "1", items: Array.from({ length: 50 }, () => ({})) })).toHaveLength(10);
  });

  it.each([
    ["text that is not JSON", "{", "is not JSON"],
    ["JSON that is not an object", "[]", "is not a JSON object"],
    ["another draft", '{"$schema":"http://json-schema.org/draft-07/schema#"}', "has the $schema"],
    ["a misspelt keyword", '{"requierd":["a"]}', 'unknown keyword: "requierd"'],
    ["an invalid value of a keyword", '{"type":"strin"}', "type must be"],
    ["a pattern that is not a regular expression", '{"pattern":"("}', "Invalid regular expression"],
    ["a remote reference", '{"properties":{"a":{"$ref":"https://example.com/a.json"}}}', "which is outside it"],
    ["a relative reference", '{"$ref":"other.json#/a"}', "which is outside it"],
    ["a reference to nothing", '{"$ref":"#/$defs/none"}', "can't resolve reference"],
    ["an id", '{"$id":"https://example.com/a"}', "$id"],
    ["too many bytes", JSON.stringify({ description: "x".repeat(70_000) }), "has 70018 bytes"],
  ])("is refused with %s", (_name, text, message) => {
    expect(() => compileSchema(text)).toThrow(AppError);
    expect(() => compileSchema(text)).toThrow(message);
  });

  it("aborts a check whose pattern takes exponential time", () => {
    const check = compileSchema(JSON.stringify({ properties: { a: { pattern: "^(a+)+$" } } }));
    expect(check({ a: `${"a".repeat(60)}!` })).toEqual([
      { path: "payload", message: "takes more than 500 ms to check; the schema has a slow pattern or uniqueItems" },
    ]);
    expect(check({ a: "aaa" })).toEqual([]);
  });
});
