import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import { UNPAIRED_SURROGATE_FAULT } from "~/server/domain/text";
import { toWire, wireField } from "~/server/domain/wire";
import { TOOLS } from "~/server/mcp/tools/table";
import {
  CreateApiKeyInput,
  InviteUserInput,
  IssueLinkInput,
  LinkToken,
  PasskeySignInInput,
  RotateApiKeyInput,
  SecondFactorInput,
  SetupInput,
  SignInInput,
  UpdateUserInput,
  UseLinkInput,
} from "~/server/services/access";
import { AnalyticsInput, PerformanceInput } from "~/server/services/analytics";
import { ApplyDocumentInput, DocumentInput, ExportDocumentInput } from "~/server/services/as-code";
import { ActivityInput, ExportAuditInput, ListAuditInput, VerifyAuditInput } from "~/server/services/audit-trail";
import { ExportBulkInput, StartBulkInput } from "~/server/services/bulk";
import { DecideInput, RefusedInput } from "~/server/services/dead-letters";
import {
  ExportExecutionsInput,
  ExportFailuresInput,
  ExportInFlightInput,
  FailureGroupsInput,
  ListExecutionsInput,
  ListInFlightInput,
  ReplayInput,
} from "~/server/services/executions";
import { ExplainTimeInput } from "~/server/services/explain";
import { CleanupInput, ResetBreakerInput } from "~/server/services/monitoring";
import { PauseAllInput } from "~/server/services/pause-all";
import { EncryptAgainInput } from "~/server/services/payload-keys";
import { SaveProtectionInput } from "~/server/services/protection";
import { DecideQuarantinedInput, ListQuarantineInput } from "~/server/services/quarantine";
import {
  CreateScheduleInput,
  ExportSchedulesInput,
  ListOccurrencesInput,
  ListSchedulesInput,
  PreviewScheduleInput,
  ToggleScheduleInput,
} from "~/server/services/schedules";
import { SaveSettingsInput } from "~/server/services/settings";
import { ExportUpcomingInput, UpcomingLoadInput } from "~/server/services/upcoming";
import { RestoreScheduleInput } from "~/server/services/versions";
import { type AccessStack, ADMIN, accessRedis, ENV_KEY } from "~/server/testing/access-deps";
import { failureOf, sendToMcp, type ToolResult } from "~/server/testing/assistant";
import { inputWith, plainFields } from "~/server/testing/text-fields";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { createTurns } from "~/server/trpc/turns";
import type { Method, RouteMethods } from "./handler";
import { ADMIN_ROUTES } from "./routes/admin-table";
import {
  passkeyRoute,
  passwordLinkRoute,
  secondFactorRoute,
  setupRoute,
  signInRoute,
  usePasswordLinkRoute,
} from "./routes/auth";
import { breakerReset, cleanup, performanceSeries, summary } from "./routes/monitoring";

/*
 * Sends invalid values to the fields of REST calls, tRPC calls and tools, except fields of any type such as a payload.
 * Fields come from the schemas, so new fields are covered; a new route must be listed in `REST` or `OTHERS`. No
 * response may have a 5xx status, and each validation error names the field at fault.
 */

let server: Awaited<ReturnType<typeof accessRedis>>;
let stack: AccessStack;
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  server = await accessRedis();
  stack = server.stack();
  container.open = async () => ({ deps: stack.deps });
});
afterAll(() => server.close());

const ID = "0190f3a0-0000-7000-8000-000000000000";
const bearer = { authorization: `Bearer ${ENV_KEY}` };
const NONE = z.strictObject({});
const { scheduleId: _o, ...occurrencesQuery } = ListOccurrencesInput.shape;
const { scheduleId: _e, ...executionsQuery } = ListExecutionsInput.shape;
const { scheduleId: _x, ...explainQuery } = ExplainTimeInput.shape;
const { scheduleId: _a, ...activityQuery } = ActivityInput.shape;
const { scheduleId: _r, expectedVersion: _v, ...restoreBody } = RestoreScheduleInput.shape;
const { scheduleId: _t, ...toggleBody } = ToggleScheduleInput.shape;
// Omits `body`, the payload as JSON text: definitions.test.ts covers it.
const { idempotencyKey: _k, body: _b, ...definition } = CreateScheduleInput.shape;
const Definition = z.strictObject(definition);
const { executionId: _i, idempotencyKey: _l, body: _d, ...replayBody } = ReplayInput.shape;
const { idempotencyKey: _keyKey, ...keyBody } = CreateApiKeyInput.shape;
const { idempotencyKey: _inviteKey, ...inviteBody } = InviteUserInput.shape;
const { userId: _linkUser, ...linkBody } = IssueLinkInput.shape;
const { topic: _topic, ...ruleBody } = SaveProtectionInput.shape;
const { keyId: _keyId, idempotencyKey: _rotateKey, ...rotateBody } = RotateApiKeyInput.shape;

const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The input schema of each method of a route, for the query or the body. */
const REST: Record<string, Partial<Record<Method, z.ZodObject>>> = {
  schedules: { GET: ListSchedulesInput, POST: Definition },
  "schedules/batch": { POST: NONE },
  "schedules/export": { GET: ExportSchedulesInput },
  "schedules/upcoming": { GET: UpcomingLoadInput },
  "schedules/upcoming/export": { GET: ExportUpcomingInput },
  "schedules/documents/apply": { POST: ApplyDocumentInput },
  "schedules/documents/diff": { POST: DocumentInput },
  "schedules/documents/export": { GET: ExportDocumentInput },
  "schedules/preview": { POST: PreviewScheduleInput },
  "schedules/bulk": { GET: NONE, POST: StartBulkInput },
  "schedules/bulk/export": { GET: ExportBulkInput },
  "schedules/bulk/{id}": { GET: NONE },
  "schedules/bulk/{id}/abort": { POST: NONE },
  "schedules/bulk/{id}/undo": { POST: NONE },
  "schedules/{id}": { GET: NONE, PUT: Definition, PATCH: Definition, DELETE: NONE },
  "schedules/{id}/executions": { GET: z.strictObject(executionsQuery) },
  "schedules/{id}/execute": { POST: NONE },
  "schedules/{id}/toggle": { POST: z.strictObject(toggleBody) },
  "schedules/{id}/occurrences": { GET: z.strictObject(occurrencesQuery) },
  "schedules/{id}/missed": { GET: NONE },
  "schedules/{id}/explain": { GET: z.strictObject(explainQuery) },
  "schedules/{id}/activity": { GET: z.strictObject(activityQuery) },
  "schedules/{id}/versions": { GET: NONE },
  "schedules/{id}/restore": { POST: z.strictObject(restoreBody) },
  "api-keys": { GET: NONE, POST: z.strictObject(keyBody) },
  "api-keys/{id}": { DELETE: NONE },
  "api-keys/{id}/rotate": { POST: z.strictObject(rotateBody) },
  users: { GET: NONE, POST: z.strictObject(inviteBody) },
  "users/{id}": { PATCH: UpdateUserInput.omit({ userId: true, password: true }), DELETE: NONE },
  "users/{id}/link": { POST: z.strictObject(linkBody), DELETE: NONE },
  "users/{id}/second-factor": { DELETE: NONE },
  settings: { GET: NONE, PATCH: SaveSettingsInput },
  audit: { GET: ListAuditInput },
  "audit/export": { GET: ExportAuditInput },
  "audit/verify": { GET: VerifyAuditInput },
  "dead-letters/decide": { POST: DecideInput },
  "dead-letters/refused": { GET: RefusedInput },
  quarantine: { GET: ListQuarantineInput },
  "quarantine/{id}": { GET: NONE },
  "quarantine/{id}/decide": { POST: NONE },
  "system/pause-all": { GET: NONE, POST: PauseAllInput },
  "system/resume-all": { POST: NONE },
  "system/payload-keys": { GET: NONE, POST: EncryptAgainInput },
  "topics/{topic}/schema": { GET: NONE, PUT: NONE, DELETE: NONE },
  "topics/{topic}/protection": { GET: NONE, PUT: z.strictObject(ruleBody), DELETE: NONE },
  executions: { GET: ListExecutionsInput },
  "executions/export": { GET: ExportExecutionsInput },
  "executions/{id}": { GET: NONE },
  "executions/failures": { GET: FailureGroupsInput },
  "executions/failures/export": { GET: ExportFailuresInput },
  "executions/in-flight": { GET: ListInFlightInput },
  "executions/in-flight/export": { GET: ExportInFlightInput },
  "executions/{id}/replay": { POST: z.strictObject(replayBody) },
};
/** Routes outside `/admin` whose calls have an input. */
const OTHERS: [name: string, route: RouteMethods, Partial<Record<Method, z.ZodObject>>][] = [
  ["auth/sign-in", signInRoute, { POST: SignInInput }],
  ["auth/second-factor", secondFactorRoute, { POST: SecondFactorInput }],
  ["auth/password-link", passwordLinkRoute, { POST: LinkToken }],
  ["auth/password-link/use", usePasswordLinkRoute, { POST: UseLinkInput }],
  ["auth/passkey", passkeyRoute, { POST: PasskeySignInInput }],
  ["auth/setup", setupRoute, { POST: SetupInput }],
  ["analytics/summary", summary, { GET: AnalyticsInput }],
  ["analytics/performance", performanceSeries, { GET: PerformanceInput }],
  ["breakers/reset", breakerReset, { POST: ResetBreakerInput }],
  ["cleanup", cleanup, { POST: CleanupInput }],
];

/** Values that no field accepts, as the JSON text that a request body contains. */
const BAD: [what: string, json: string][] = [
  ["an unpaired surrogate", String.raw`"\ud800"`],
  ["a NUL", String.raw`"a\u0000b"`],
  ["a line end and a NUL", String.raw`"a\r\nb\u0000"`],
  ["20,000 letters", `"${"x".repeat(20_000)}"`],
  ["5,000 nested lists", `${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["5,000 nested objects", `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`],
  ["a huge number", "1e308"],
];

const routes = [
  ...ADMIN_ROUTES.map(([path, route]) => [path, route, REST[path] ?? {}] as const),
  ...OTHERS.map(([name, route, inputs]) => [name, route, inputs] as const),
];
const FIELDS = routes.flatMap(([path, route, inputs]) =>
  Object.entries(inputs).flatMap(([method, schema]) =>
    plainFields(schema)
      // REST reads the idempotency key from a header; a field of this name in the body is ignored.
      .filter((field) => field[0] !== "idempotencyKey")
      .map((field) => ({ path, route, method: method as Method, field })),
  ),
);

function jsonWith(field: readonly string[], json: string): string {
  return JSON.stringify(toWire(inputWith(field, "@"))).replace('"@"', () => json);
}

/** The status, the error code and the invalid fields of a response. */
async function ask(input: { route: RouteMethods; method: Method; body?: string; query?: string; type?: string }) {
  const { route, method, body, query = "", type = "application/json" } = input;
  const url = `http://a.example/x${query}`;
  const request = new Request(url, { method, body, headers: { ...bearer, "content-type": type } });
  const response = await route[method](request, { params: Promise.resolve({ id: ID }) });
  const problem = (await response.json()) as { code: string; errors?: { field: string }[] };
  return { status: response.status, code: problem.code, fields: (problem.errors ?? []).map((error) => error.field) };
}

const isAbout = (fields: readonly string[], field: readonly string[]) => {
  const head = wireField([field[0] as string]);
  return fields.some((one) => one === head || one.startsWith(`${head}.`));
};

/** Query parameters that are compared as text, so that any number is valid: `name`, or `path name` for one route. */
const TEXTS = new Set([
  ...["q", "tag", "topic", "entity_type", "event_type", "action", "event_action", "source", "cursor"],
  ...["error_class", "error_shape", "reason", "correlation_id", "cron_expression", "actor", "verb", "target", "result"],
  "owner",
  // These routes compare the zone as text; in other routes, the zone must exist.
  ...["schedules timezone", "schedules/export timezone"],
]);

describe("REST", () => {
  it("has every route under /admin and its methods in the table", async () => {
    expect(Object.keys(REST).sort()).toEqual(ADMIN_ROUTES.map(([path]) => path).sort());
    expect(FIELDS.length).toBeGreaterThan(150);
    const unlisted = ADMIN_ROUTES.flatMap(([path, route]) =>
      METHODS.filter((method) => REST[path]?.[method] === undefined).map((method) => ({ path, route, method })),
    );
    for (const { path, route, method } of unlisted) {
      expect((await ask({ route, method })).status, `${method} ${path}`).toBe(405);
    }
  });

  const bodies = FIELDS.filter(({ method }) => method !== "GET");
  const calls = [...new Map(bodies.map((one) => [`${one.method} ${one.path}`, one])).values()];
  it.each(BAD)(
    "refuses %s in every field of every body, and names the field",
    async (_, json) => {
      const wrong: string[] = [];
      for (const { path, route, method, field } of bodies) {
        // Calls of the sign-in accept 16 KiB.
        const tooLarge = json.length > 16_000 && path.startsWith("auth/");
        const answer = await ask({ route, method, body: jsonWith(field, json) });
        const isRight = answer.status === (tooLarge ? 413 : 422) && (tooLarge || isAbout(answer.fields, field));
        if (!isRight) wrong.push(`${method} ${path} ${field.join(".")}: ${JSON.stringify(answer)}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  const QUERIES = [
    ["bytes that are not UTF-8", "%ed%a0%80"],
    ["a NUL", "a%00b"],
    ["a line end", "a%0d%0ab"],
    ["20,000 letters", "x".repeat(20_000)],
    ["a huge number", "1e308"],
  ] as const;
  const queries = FIELDS.filter(({ method }) => method === "GET");
  it.each(QUERIES)(
    "refuses %s in every field of every query, and names the field",
    async (what, text) => {
      const wrong: string[] = [];
      for (const { path, route, method, field } of queries) {
        const name = wireField([field[0] as string]);
        if (what === "a huge number" && (TEXTS.has(name) || TEXTS.has(`${path} ${name}`))) continue;
        // An error may have several lines.
        if (what === "a line end" && name === "error_shape") continue;
        const answer = await ask({ route, method, query: `?${name}=${text}` });
        if (answer.status !== 422 || !isAbout(answer.fields, field)) {
          wrong.push(`${method} ${path} ${name}: ${JSON.stringify(answer)}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it("refuses a body of 10 MB by its size", async () => {
    const body = `{"name":"${"x".repeat(10_000_000)}"}`;
    for (const { path, route, method } of calls) {
      // A document of schedules as code may have 32 MiB.
      const status = path.startsWith("schedules/documents/") ? 422 : 413;
      expect((await ask({ route, method, body })).status, path).toBe(status);
    }
  });

  it.each([
    ["`items`", `{"items":[${"[".repeat(5000)}${"]".repeat(5000)}]}`],
    ["an unknown field", `{"x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
  ])("refuses lists nested too deep in %s", async (_, body) => {
    const path = "schedules/batch";
    const batch = ADMIN_ROUTES.find(([name]) => name === path)?.[1] as RouteMethods;
    for (const { route, method } of [...calls, { route: batch, method: "POST" as const }]) {
      const { status } = await ask({ route, method, body });
      // The batch route answers 207 and refuses each item by itself.
      expect(route === batch ? [207, 413, 422] : [413, 422]).toContain(status);
    }
  });
});

describe("tools for assistants", () => {
  const fields = TOOLS.flatMap(({ name, input }) => plainFields(input).map((field) => ({ name, field })));

  it("have fields to test", () => {
    expect(fields.length).toBeGreaterThan(60);
  });

  it.each(BAD)("refuse %s in every field, and name the field", async (_, json) => {
    const wrong: string[] = [];
    for (const { name, field } of fields) {
      const params = `{"name":"${name}","arguments":${jsonWith(field, json)}}`;
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
      const response = await sendToMcp({ query: "?allow_writes=true", headers: bearer, body });
      const { result } = (await response.json()) as { result: ToolResult };
      const faults = result.isError ? (failureOf(result).errors ?? []).map((fault) => fault.field) : [];
      if (!isAbout(faults, field)) wrong.push(`${name} ${field.join(".")}: ${result.content[0]?.text}`);
    }
    expect(wrong).toEqual([]);
  });
});

interface Procedure {
  _def: { type: "query" | "mutation" | "subscription"; inputs: z.ZodType[] };
}
const PROCEDURES = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>);
/** The bytes of a quarantined item may be of any kind. */
const isVerbatim = (path: string, field: readonly string[]) =>
  path === "quarantine.decide" && ["text", "base64"].includes(field.at(-1) as string);
const TRPC_FIELDS = PROCEDURES.flatMap(([path, { _def }]) =>
  _def.inputs
    .flatMap((schema) => plainFields(schema))
    .filter((field) => field.at(-1) !== "body" && !isVerbatim(path, field))
    .map((field) => ({ path, field })),
);

it("refuses an unpaired surrogate in the text of a quarantined item, and accepts other characters", () => {
  const decision = { id: ID, decision: "retry" };
  const faults = DecideQuarantinedInput.safeParse({ ...decision, text: "a\ud800" }).error?.issues;
  expect(faults).toMatchObject([{ path: ["text"], message: UNPAIRED_SURROGATE_FAULT }]);
  expect(DecideQuarantinedInput.safeParse({ ...decision, text: "a\u0000\r\n\u{1f600}" }).success).toBe(true);
});

describe("tRPC", () => {
  it("has fields to test", () => {
    expect(TRPC_FIELDS.length).toBeGreaterThan(150);
  });

  it.each(BAD)(
    "refuses %s in every field of every procedure, and names the field",
    async (_, json) => {
      const wrong: string[] = [];
      const context = { call: stack.ctx(ADMIN), session: null, headers: new Headers(), turns: createTurns(1) };
      const caller = appRouter.createCaller(context) as unknown as Record<
        string,
        Record<string, (input: unknown) => unknown>
      >;
      for (const { path, field } of TRPC_FIELDS) {
        const [router, procedure] = path.split(".") as [string, string];
        const input = inputWith(field, JSON.parse(json));
        const thrown = await Promise.resolve()
          .then(() => caller[router]?.[procedure]?.(input))
          .catch((error: unknown) => error);
        const cause = thrown instanceof TRPCError ? thrown.cause : thrown;
        const fields = cause instanceof AppError ? cause.faults.map((fault) => fault.field) : [];
        // A definition is nested in the input's `patch` or `replace`, so its own fields start at the second part.
        const isInDefinition = ["patch", "replace"].includes(field[0] as string);
        const head = wireField(field.slice(0, isInDefinition ? 2 : 1));
        if (!fields.some((one) => one === head || one.startsWith(`${head}.`)))
          wrong.push(`${path} ${field.join(".")}: ${thrown}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it.each(BAD)(
    "answers a mutation whose whole input is %s with a status below 500",
    async (_, json) => {
      for (const [path, { _def }] of PROCEDURES.filter(([, one]) => one._def.type === "mutation")) {
        if (_def.inputs.length === 0) continue;
        const headers = { ...bearer, "content-type": "application/json", "content-length": String(json.length) };
        const request = new Request(`http://a.example/api/trpc/${path}`, { method: "POST", body: json, headers });
        expect((await handleTrpc(request)).status, path).toBeLessThan(500);
      }
    },
    60_000,
  );
});
