import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RIGHTS, RIGHTS_OF_ROLE, type Right, ROLES } from "~/server/domain/rights";
import type { Method, RouteMethods } from "~/server/rest/handler";
import { ADMIN_ROUTES } from "~/server/rest/routes/admin-table";
import { createApiKey } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { handleTrpc } from "~/server/trpc/handler";
import { appRouter } from "~/server/trpc/router";
import { ADMIN } from "./access-deps";
import { RIGHTS_OF_PROCEDURES, RIGHTS_OF_REST, RIGHTS_OF_SERVICES } from "./rights-table";
import { startTestStack, type TestStack } from "./stack";

/** Callers with one right each, and callers with the rights of one role each. */
const CALLERS: readonly (readonly [name: string, rights: readonly Right[]])[] = [
  ...RIGHTS.map((right) => [right, [right]] as const),
  ...ROLES.map((role) => [role, RIGHTS_OF_ROLE[role]] as const),
];

let stack: TestStack;
const secrets = new Map<string, string>();
const container = vi.hoisted(() => ({ open: async (): Promise<unknown> => null }));
vi.mock("~/server/container", () => ({ openContainer: () => container.open() }));

beforeAll(async () => {
  stack = await startTestStack();
  container.open = async () => ({ deps: stack.deps });
  for (const [name, rights] of CALLERS) {
    const { secret } = await createApiKey({
      ctx: { ...stack.ctx, principal: ADMIN },
      input: { name, rights: [...rights] },
    });
    secrets.set(name, secret);
  }
}, 120_000);
afterAll(() => stack?.stop());

const bearer = (caller: string) => ({ authorization: `Bearer ${secrets.get(caller)}` });
const isEnough = (held: readonly Right[], needed: readonly Right[]) =>
  needed.length === 0 || needed.some((right) => held.includes(right));

interface Failure {
  code?: string;
  /** The right that the caller lacks. Other errors, as of an empty input, come after the check. */
  required?: unknown;
}

/** Who of `CALLERS` lacks the right to make a call. */
async function forbidden(call: (caller: string, rights: readonly Right[]) => Promise<Failure>) {
  const failures = await Promise.all(CALLERS.map(([name, rights]) => call(name, rights)));
  return CALLERS.filter((_, i) => failures[i]?.required !== undefined).map(([name]) => name);
}

const expectedForbidden = (needed: readonly Right[]) =>
  CALLERS.filter(([, rights]) => !isEnough(rights, needed)).map(([name]) => name);

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
        const found = await forbidden((caller) => failureOf(route, method, bearer(caller)));
        expect.soft(found, call).toEqual(expectedForbidden(RIGHTS_OF_REST[call] ?? []));
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
      const found = await forbidden((caller) => failureOf(path, _def.type, bearer(caller)));
      expect.soft(found, path).toEqual(expectedForbidden(RIGHTS_OF_PROCEDURES[path] ?? []));
    }
  }, 300_000);
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

  async function failureOf(service: Service, input: object, rights: readonly Right[]): Promise<Failure> {
    const principal = { ...ADMIN, role: "service" as const, via: "api_key" as const, rights };
    try {
      const answer = service({ ctx: { ...stack.ctx, principal }, input, session: null });
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
      const found = await forbidden((_, rights) => failureOf(service, { action, viewId: "none" }, rights));
      expect.soft(found, row).toEqual(expectedForbidden(needed));
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
