import { readdirSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { RIGHTS } from "~/server/domain/rights";
import { createApiKey } from "~/server/services/access";
import { ADMIN } from "~/server/testing/access-deps";
import { keepRecording } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { servedMethods } from "../handler";
import { openapiJson, openapiYaml } from "../routes/openapi";
import { ROUTES } from "../routes/table";
import { openApiDocument, testOpenApiDocument } from "./document";
import { OPERATIONS } from "./operations";

let stack: TestStack;
let secret: string;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  const ctx = { ...stack.ctx, principal: ADMIN };
  ({ secret } = await createApiKey({ ctx, input: { name: "examples", rights: [...RIGHTS] } }));
}, 120_000);
afterAll(() => stack?.stop());

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(structuredClone(openApiDocument()));
    expect(result).toMatchObject({ valid: true });
  });

  it("has every served call and no other", () => {
    const served = ROUTES.flatMap(([path, route]) => servedMethods(route).map((method) => `${method} ${path}`));
    const own = ["GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml"];
    const ofTests = ["GET /api/v1/test/clock", "POST /api/v1/test/clock"];
    expect(Object.keys(OPERATIONS).toSorted()).toEqual([...served, ...own, ...ofTests].toSorted());
    const { paths } = openApiDocument() as { paths: Record<string, object> };
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.toSorted()).toEqual([...served, ...own].toSorted());
  });

  it("has the path of every route file", () => {
    const files = ["app/admin", "app/api"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `/${folder.slice(4)}/${file}`),
    );
    const isOther = (path: string) => path.includes("[...") || path.includes("[trpc]");
    const paths = files
      .filter((file) => file.endsWith("/route.ts") && !isOther(file))
      .map((file) => file.slice(0, -"/route.ts".length).replaceAll(/\[(\w+)\]/g, "{$1}"));
    expect(Object.keys((testOpenApiDocument() as { paths: object }).paths).toSorted()).toEqual(paths.toSorted());
  });

  it("gives each call an id of its own", () => {
    const ids = Object.values(OPERATIONS).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("describes every parameter and every field", () => {
    const undescribed: string[] = [];
    const visit = (value: unknown, place: string) => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        const isProperties = key === "properties" && typeof inner === "object" && inner !== null;
        for (const [name, field] of isProperties ? Object.entries(inner) : [])
          if (!("description" in (field as object))) undescribed.push(`${place}: ${name}`);
        if (key === "parameters")
          for (const one of inner as { name: string; description?: string }[])
            if (one.description === undefined) undescribed.push(`${place}: ${one.name}`);
        // The inner field `code` of an error only lists its codes.
        if (key !== "responses" && key !== "example") visit(inner, /^[a-z]/.test(key) ? place : key);
      }
    };
    visit(openApiDocument(), "");
    // The texts are in server/rest/openapi/descriptions.
    expect([...new Set(undescribed)].toSorted()).toEqual([]);
  });

  it("names each set of errors once, and refers only to responses that it has", () => {
    const text = JSON.stringify(openApiDocument());
    const { responses } = (openApiDocument() as { components: { responses: object } }).components;
    const named = new Set(Array.from(text.matchAll(/#\/components\/responses\/(\w+)/g), ([, name]) => name));
    expect([...named].toSorted()).toEqual(Object.keys(responses));
    expect(new Set(Object.values(responses).map((one) => JSON.stringify(one))).size).toBe(named.size);
  });

  it("is served as JSON and as YAML without credentials", async () => {
    const next = { params: Promise.resolve({}) };
    const json = await openapiJson.GET(new Request("http://a.example/api/v1/openapi.json"), next);
    const yaml = await openapiYaml.GET(new Request("http://a.example/api/v1/openapi.yaml"), next);
    expect([json.status, yaml.status]).toEqual([200, 200]);
    const document = await json.json();
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    expect(parse(await yaml.text())).toEqual(document);
  });
});

describe("the example of", () => {
  const examples = Object.entries(OPERATIONS).filter(([, { example }]) => example !== undefined);

  // On some days, the next execution of an example is beyond the horizon, so ClickHouse has to confirm the schedule.
  let recording: ReturnType<typeof keepRecording>;
  beforeAll(() => {
    recording = keepRecording(stack.deps);
  });
  afterAll(() => recording.stop());

  /** The id of a new schedule, for calls that need one. */
  async function newScheduleId(): Promise<string> {
    const { schedule_id } = await send("POST /admin/schedules", OPERATIONS["POST /admin/schedules"]?.example, {});
    return schedule_id as string;
  }

  async function send(call: string, example: unknown, params: Record<string, string>) {
    const [method, path] = call.split(" ") as ["POST", string];
    const [, route] = ROUTES.find(([one]) => one === path) ?? [];
    const body = {
      ...(example as object),
      ...(call === "POST /admin/schedules" ? { name: `example ${count++}` } : {}),
    };
    const request = new Request(`http://a.example${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    // `validate-answers.ts` compares the answer with the document.
    const answer = await route?.[method](request, { params: Promise.resolve(params) });
    expect(answer?.status, await answer?.clone().text()).toBeLessThan(300);
    return (await answer?.json()) as Record<string, unknown>;
  }
  let count = 0;

  it.each(examples)("%s succeeds", async (call, { example }) => {
    await send(call, example, call.includes("{id}") ? { id: await newScheduleId() } : {});
  });
});
