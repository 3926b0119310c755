import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fitsScope, RIGHTS, RIGHTS_OF_ROLE, type Right, ROLES } from "~/server/domain/rights";
import { TOOLS } from "~/server/mcp/tools/table";
import type { Method, RouteMethods } from "~/server/rest/handler";
import { ADMIN_ROUTES } from "~/server/rest/routes/admin-table";
import { createApiKey } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { scopedDeps } from "~/server/services/scoped/scoped-deps";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { ADMIN } from "./access-deps";
import { callOneTool, failureOf } from "./assistant";
import {
  PROCEDURES_WITHOUT_SCOPE,
  REST_WITHOUT_SCOPE,
  RIGHTS_OF_PROCEDURES,
  RIGHTS_OF_REST,
  RIGHTS_OF_SERVICES,
  RIGHTS_OF_TOOLS,
  SERVICES_WITHOUT_SCOPE,
} from "./rights-table";
import { startTestStack, type TestStack } from "./stack";

interface Caller {
  name: string;
  rights: readonly Right[];
  scope?: readonly string[];
}

const SCOPE = ["scoped."];

/** A caller for each right, and a caller with the rights of each role. */
const WITHOUT_SCOPE: readonly Caller[] = [
  ...RIGHTS.map((right) => ({ name: right, rights: [right] })),
  ...ROLES.map((role) => ({ name: role, rights: RIGHTS_OF_ROLE[role] })),
];
/** A key with a scope cannot be created with rights that do not fit a scope. `SERVICE_CALLERS` has such callers. */
const KEY_CALLERS: readonly Caller[] = [
  ...WITHOUT_SCOPE,
  ...WITHOUT_SCOPE.map(({ name, rights }) => ({
    ...{ name: `${name} in a scope`, rights: rights.filter(fitsScope), scope: SCOPE },
  })).filter(({ rights }) => rights.length > 0),
];
const SERVICE_CALLERS: readonly Caller[] = [
  ...WITHOUT_SCOPE,
  ...WITHOUT_SCOPE.map(({ name, rights }) => ({ name: `${name} in a scope`, rights, scope: SCOPE })),
];
/** How many calls all tests have made. */
let combinations = 0;

let stack: TestStack;
const secrets = new Map<string, string>();
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  for (const { name, rights, scope } of KEY_CALLERS) {
    const { secret } = await createApiKey({
      ctx: { ...stack.ctx, principal: ADMIN },
      input: {
        ...{ name, rights: [...rights] },
        scope: scope && { namespaces: [], topicPrefixes: [...scope] },
      },
    });
    secrets.set(name, secret);
  }
}, 120_000);
afterAll(async () => {
  console.log(`${combinations} combinations of call, right, role and scope`);
  await stack?.stop();
});

const bearer = (caller: string) => ({ authorization: `Bearer ${secrets.get(caller)}` });
const isEnough = (held: readonly Right[], needed: readonly Right[]) =>
  needed.length === 0 || needed.some((right) => held.includes(right));

interface Failure {
  code?: string;
  /** The right that the caller lacks, or `no scope`. Other errors, such as for an empty input, come after the check. */
  required?: unknown;
}

/** The names of the callers that may not make a call. */
async function forbidden(callers: readonly Caller[], call: (caller: Caller) => Promise<Failure>) {
  const failures = await Promise.all(callers.map(call));
  combinations += callers.length;
  return callers.filter((_, i) => failures[i]?.required !== undefined).map(({ name }) => name);
}

function expectedForbidden(callers: readonly Caller[], needed: readonly Right[], mayHaveScope: boolean) {
  return callers
    .filter(({ rights, scope }) => {
      const held = scope ? rights.filter(fitsScope) : rights;
      return !isEnough(held, needed) || (scope !== undefined && !mayHaveScope);
    })
    .map(({ name }) => name);
}

describe("REST", () => {
  const MONITORING = "app/api/v1/schedules/monitoring";
  const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const params = { id: "0190f3a0-0000-7000-8000-000000000000", topic: "t" };

  async function failureOf(route: RouteMethods, method: Method, headers: Record<string, string>): Promise<Failure> {
    const request = new Request("http://a.example/x", { method, headers });
    const response = await route[method](request, { params: Promise.resolve(params) });
    const text = await response.text();
    return response.ok ? {} : (JSON.parse(text) as Failure);
  }

  it("lets a caller through each route only with one of its rights, and each route is in the table", async () => {
    const files = readdirSync(MONITORING, { recursive: true, encoding: "utf8" }).filter(
      // The health response is public, and short without a sign-in.
      (file) => file.endsWith("route.ts") && !file.startsWith("health/"),
    );
    const monitoring = await Promise.all(
      files.map(async (file) => {
        const route = (await import(resolve(MONITORING, file))) as RouteMethods;
        return [`monitoring/${file.slice(0, -"/route.ts".length)}`, route] as const;
      }),
    );
    const served: string[] = [];
    for (const [path, route] of [...ADMIN_ROUTES, ...monitoring]) {
      for (const method of METHODS) {
        if ((await failureOf(route, method, {})).code === "method_not_allowed") continue;
        const call = `${method} ${path}`;
        served.push(call);
        const found = await forbidden(KEY_CALLERS, ({ name }) => failureOf(route, method, bearer(name)));
        const mayHaveScope = !REST_WITHOUT_SCOPE.includes(call);
        expect.soft(found, call).toEqual(expectedForbidden(KEY_CALLERS, RIGHTS_OF_REST[call] ?? [], mayHaveScope));
      }
    }
    expect(served.sort()).toEqual(Object.keys(RIGHTS_OF_REST).sort());
  }, 300_000);
});

describe("tRPC", () => {
  const types = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);

  async function failureOf(path: string, type: string, headers: Record<string, string>): Promise<Failure> {
    const url = `http://a.example/api/trpc/${path}`;
    const isQuery = type !== "mutation";
    const content = { "content-type": "application/json", "content-length": "2" };
    const request = isQuery
      ? new Request(url, { headers })
      : new Request(url, { method: "POST", body: "{}", headers: { ...content, ...headers } });
    const answer = (await (await handleTrpc(request)).json()) as {
      error?: { data: { appError: { code: string; details: Failure } } };
    };
    return answer.error?.data.appError.details ?? {};
  }

  it("lets a caller through each procedure only with one of its rights, and each procedure is in the table", async () => {
    const served = types.map(([path]) => path).filter((path) => path !== "access.me");
    expect(served.sort()).toEqual(Object.keys(RIGHTS_OF_PROCEDURES).sort());
    for (const [path, { _def }] of types) {
      // The stream's own test covers its refusals: an accepted stream does not end.
      if (path === "access.me" || _def.type === "subscription") continue;
      const found = await forbidden(KEY_CALLERS, ({ name }) => failureOf(path, _def.type, bearer(name)));
      const mayHaveScope = !PROCEDURES_WITHOUT_SCOPE.includes(path);
      expect.soft(found, path).toEqual(expectedForbidden(KEY_CALLERS, RIGHTS_OF_PROCEDURES[path] ?? [], mayHaveScope));
    }
  }, 300_000);
});

describe("tools for assistants", () => {
  it("let a caller through only with their right, and each tool is in the table", async () => {
    expect(TOOLS.map(({ name }) => name).sort()).toEqual(Object.keys(RIGHTS_OF_TOOLS).sort());
    for (const { name: tool } of TOOLS) {
      const found = await forbidden(KEY_CALLERS, async ({ name }) => {
        const result = await callOneTool({ key: secrets.get(name) as string, tool });
        return result.isError ? failureOf(result) : {};
      });
      expect.soft(found, tool).toEqual(expectedForbidden(KEY_CALLERS, RIGHTS_OF_TOOLS[tool] ?? [], true));
    }
  }, 120_000);
});

/** Functions that serve no caller, or that check something other than a right. */
const WITHOUT_CALLER = [
  ...["access/requireCaller", "access/requireRight", "access/rightsOf", "access/requireSameOrigin", "access/openCtx"],
  ...[
    "access/clientIp",
    "access/isHttps",
    "access/readOwnCookie",
    "access/setOwnCookie",
    "access/restoreAccess",
    "access/ensureFirstAdmin",
  ],
  ...["analytics/bucketSecondsFor", "analytics/barEdges", "schedules/withoutReadOnly", "zones/applyZones"],
  ...["idempotency/decodeAnswer", "idempotency/encodeAnswer", "idempotency/keyedRequest", "idempotency/once"],
  ...["idempotency/doneAnswer", "idempotency/wasDone"],
  ...["pause-all/applyPauseAll", "pause-all/endPauseAll", "pause-all/readPauseAll"],
  ...["settings/createSettingsSource", "settings/restoreSettings"],
  ...["protection/createProtectionSource", "protection/restoreProtection"],
  ...["topic-schemas/createTopicSchemaSource", "topic-schemas/restoreTopicSchemas"],
  ...["access/ownOrigin", "access/requireUser", "access/recoverAdmin"],
  // These check the set-up token, the password, the second factor, the passkey, the link or the session.
  ...["access/finishSignIn", "access/confirmSecondFactor", "access/startPasskeySignIn", "access/signInByPasskey"],
  ...["access/readLink", "access/useLink"],
  ...["access/setup", "access/setupStatus", "access/signIn", "access/signOut"],
  // The identity provider has checked the caller.
  ...["access/startProviderSignIn", "access/finishProviderSignIn", "access/providerName"],
  // The sign-in page tells everybody how to create the first account.
  "access/isFirstAccountMissing",
  // Answers whether a caller has a right.
  "test-clock/mayReadTestClock",
  // The transport decides how much of the health response a caller sees.
  "monitoring/getHealth",
];

describe("services", () => {
  const modules = import.meta.glob<Record<string, unknown>>("../services/*/index.ts", { eager: true });
  const services = Object.entries(modules).flatMap(([path, exported]) =>
    Object.entries(exported)
      .filter(([, value]) => typeof value === "function")
      .map(([name, value]) => [`${path.split("/").at(-2)}/${name}`, value as Service] as const),
  );
  type Service = (call: { ctx: Ctx; input: object; session: null }) => unknown;

  async function failureOf(service: Service, input: object, { rights, scope }: Caller): Promise<Failure> {
    const principal = { ...ADMIN, role: "service", via: "api_key" as const, rights, ...(scope ? { scope } : {}) };
    const deps = scope ? scopedDeps(stack.deps, scope) : stack.deps;
    try {
      const answer = service({ ctx: { ...stack.ctx, deps, principal }, input, session: null });
      // An export is a generator, which checks the right before its first row.
      if (Symbol.asyncIterator in Object(answer)) await (answer as AsyncGenerator).next();
      else await answer;
      return {};
    } catch (error) {
      return (error as { details?: Failure }).details ?? {};
    }
  }

  it("check the right themselves, and each service is in the table", async () => {
    const known = new Map<string, Service>(services);
    for (const [row, needed] of Object.entries(RIGHTS_OF_SERVICES)) {
      const [name = "", action] = row.split(" ");
      const service = known.get(name);
      if (service === undefined) throw new Error(`There is no service ${name}.`);
      const input = { action, viewId: "none" };
      const found = await forbidden(SERVICE_CALLERS, (caller) => failureOf(service, input, caller));
      const mayHaveScope = !SERVICES_WITHOUT_SCOPE.includes(name);
      expect.soft(found, row).toEqual(expectedForbidden(SERVICE_CALLERS, needed, mayHaveScope));
    }
    const listed = Object.keys(RIGHTS_OF_SERVICES).map((row) => row.split(" ")[0]);
    expect(
      services
        .map(([name]) => name)
        .filter((name) => !listed.includes(name))
        .sort(),
    ).toEqual(WITHOUT_CALLER.toSorted());
  }, 300_000);
});
