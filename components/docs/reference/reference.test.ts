import { describe, expect, it } from "vitest";
import { curlOf } from "./curl";
import type { OpenApiDocument } from "./document";
import { buildReference } from "./reference";
import { constraintsOf, fieldsOf, modelsIn, typeOf } from "./schema";

const text = (schema: object) =>
  typeOf(schema)
    .map((part) => part.text)
    .join("");
const model = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe("the text of a type", () => {
  it.each([
    [{ type: "string" }, "string"],
    [{ type: ["null", "number"] }, "number or null"],
    [{ type: "string", format: "date-time" }, "string (date-time)"],
    [{ enum: ["a", "b"] }, '"a" or "b"'],
    [{ anyOf: [{ type: "array", items: model("Schedule") }, { type: "null" }] }, "list of Schedule or null"],
    [{ anyOf: [{ type: "string" }, { type: "string" }] }, "string"],
    [{ type: "object", additionalProperties: { type: "string" } }, "map of strings"],
    [{ type: "array", items: { type: "object" } }, "list of objects"],
    [{ type: "object", properties: {} }, "object"],
    [{}, "any JSON"],
  ])("of %j is %s", (schema, expected) => expect(text(schema)).toBe(expected));

  it("links to named types", () => {
    expect(typeOf(model("Schedule"))).toEqual([{ text: "Schedule", model: "Schedule" }]);
    expect(modelsIn({ a: [model("One")], b: { c: model("Two") } })).toEqual(["One", "Two"]);
  });
});

it.each([
  [{ minimum: 1, maximum: 1000, default: 100 }, "1 to 1,000, default 100"],
  [{ minLength: 1, maxLength: 200 }, "1 to 200 characters"],
  [{ maxItems: 50 }, "at most 50 items"],
  [{ minLength: 1 }, "at least 1 character"],
  [{ minLength: 0 }, null],
  [{ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, null],
])("the limits of %j are %j", (schema, expected) => expect(constraintsOf(schema)).toBe(expected));

it("the fields of a union are those of its variants, each once", () => {
  const variant = (name: string) => ({ properties: { kind: { type: "string" }, [name]: { type: "number" } } });
  expect(fieldsOf({ anyOf: [variant("a"), variant("b")] }).map(({ name }) => name)).toEqual(["kind", "a", "b"]);
});

it("a command quotes the example, and has variables for the parameters of the path", () => {
  const call = { path: "/admin/schedules/{id}", method: "PATCH", needsKey: true, body: { note: "it's" } };
  expect(curlOf(call)).toBe(
    [
      'curl -X PATCH "$SCHEDULES_URL/admin/schedules/$ID"',
      '-H "Authorization: Bearer $SCHEDULES_API_KEY"',
      '-H "Content-Type: application/json"',
      `-d '{\n  "note": "it'\\''s"\n}'`,
    ].join(" \\\n  "),
  );
});

it("a page has the calls of its tag, their errors, and the types that they use", () => {
  const problem = { schema: { allOf: [model("Problem"), { properties: { code: { enum: ["not_found"] } } }] } };
  const document: OpenApiDocument = {
    tags: [
      { name: "API keys", description: "Keys." },
      { name: "Other", description: "" },
    ],
    paths: {
      "/keys/{id}": {
        get: {
          operationId: "getKey",
          tags: ["API keys"],
          summary: "Get a key",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          responses: {
            200: { description: "", content: { "application/json": { schema: model("Key") } } },
            404: { $ref: "#/components/responses/NotFound" },
          },
        },
        put: {
          operationId: "putKey",
          tags: ["API keys"],
          summary: "Change a key",
          requestBody: { content: { "application/json": { schema: { type: "array", items: model("Entry") } } } },
          responses: { 204: { description: "" } },
        },
      },
    },
    components: {
      schemas: {
        Entry: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        Key: { type: "object", properties: { owner: model("Owner") } },
        Owner: { type: "string" },
      },
      responses: { NotFound: { description: "", content: { "application/problem+json": problem } } },
    },
  };
  const [page, other] = buildReference(document, { not_found: "Not found" });
  expect(page).toMatchObject({ slug: "api-keys", models: [{ name: "Entry" }, { name: "Key" }, { name: "Owner" }] });
  expect(page?.models.map(({ isInput }) => isInput)).toEqual([true, false, false]);
  expect(page?.operations).toMatchObject([
    {
      id: "getKey",
      method: "GET",
      needsCredentials: true,
      parameters: [{ label: "Path", fields: [{ name: "id", required: true }] }],
      answers: [{ status: "200", contents: [{ type: [{ model: "Key" }] }] }],
      errors: [{ status: "404", codes: [{ code: "not_found", title: "Not found" }] }],
    },
    { id: "putKey", bodies: [{ type: [{ text: "list of " }, { model: "Entry" }] }] },
  ]);
  expect(other?.operations).toEqual([]);
});
