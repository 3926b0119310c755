import { expect, it } from "vitest";
import { faultMarks } from "./fault-marks";

const TEXT = `{
  "id": 7,
  "customer": { "name": "A \\"B\\"", "tags": [] },
  "items": [{ "sku": "a" }, { "sku": 1, "odd key": null }],
  "note": "{ \\"id\\": 1 }"
}`;
const marked = (path: string, text = TEXT) =>
  faultMarks(text, [{ path, message: "is wrong" }]).map(({ from, to }) => text.slice(from, to));

it.each([
  ["payload.id", "7"],
  ["payload.customer.name", '"A \\"B\\""'],
  ["payload.items[1].sku", "1"],
  ['payload.items[1]["odd key"]', "null"],
  ["payload.note", '"{ \\"id\\": 1 }"'],
])("marks the scalar %s itself", (path, part) => {
  expect(marked(path)).toEqual([part]);
});

it.each([
  ["payload.customer", '"customer"'],
  ["payload.customer.tags", '"tags"'],
  ["payload.items[0]", "{"],
  ["payload", "{"],
])("marks the object or list %s by its name or its bracket", (path, part) => {
  expect(marked(path)).toEqual([part]);
});

it.each([
  ["payload.missing", "{"],
  ["payload.customer.email", '"customer"'],
  ["payload.customer.address.city", '"customer"'],
  ["payload.items[5]", '"items"'],
])("marks the closest existing ancestor of the missing %s", (path, part) => {
  expect(marked(path)).toEqual([part]);
});

it("marks the value at the path, not an equal value elsewhere", () => {
  const text = '{"a": 1, "b": {"a": 1}}';
  expect(faultMarks(text, [{ path: "payload.b.a", message: "must be string" }])).toEqual([
    { from: text.lastIndexOf("1"), to: text.lastIndexOf("1") + 1, message: "payload.b.a: must be string" },
  ]);
});

it("marks the last of repeated keys", () => {
  const text = '{"a": 1, "a": 2}';
  expect(marked("payload.a", text)).toEqual(["2"]);
});

it.each(["", "{", '{"a"', '{"a": [1, ', "nonsense", '{"a": }', "[}"])(
  "does not throw for the invalid text %j",
  (text) => {
    expect(() => marked("payload.a[0].b", text)).not.toThrow();
  },
);
