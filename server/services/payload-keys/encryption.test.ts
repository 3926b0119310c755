import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { isSealed, keyIdOf } from "~/server/domain/protection/sealed";
import { RIGHTS } from "~/server/domain/rights";
import type { Delivered } from "~/server/ports/bus";
import type { Claim } from "~/server/ports/hot/claims";
import { listAudit } from "~/server/services/audit-trail";
import type { Ctx, Deps } from "~/server/services/ctx";
import { refusedMessages } from "~/server/services/dead-letters";
import { getExecution, replayExecution } from "~/server/services/executions";
import { createBreakers } from "~/server/services/firing/breakers";
import { consumeDelayed } from "~/server/services/firing/consume";
import { runClaims } from "~/server/services/firing/run-claims";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import {
  createProtectionSource,
  deleteProtection,
  listProtection,
  restoreProtection,
  saveProtection,
} from "~/server/services/protection";
import { sealUnknown } from "~/server/services/protection/seal";
import { decideQuarantined, getQuarantined, listQuarantine } from "~/server/services/quarantine";
import { quarantineItem } from "~/server/services/quarantine/quarantine-item";
import {
  createSchedule,
  createSchedules,
  executeSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { currentSchedule } from "~/server/services/schedules/current";
import { listVersions, restoreSchedule } from "~/server/services/versions";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { encryptAgain, getPayloadKeys } from ".";

const key = (id: string) => ({ id, bytes: new Uint8Array(randomBytes(32)) });
const [K1, K2] = [key("k1"), key("k2")];
const TOPIC = "cards.eu";
const CANARY = "canary-7f3a91";

let stack: TestStack;
let ctx: Ctx;
let recording: ReturnType<typeof keepRecording> | undefined;
beforeAll(async () => {
  stack = await startTestStack({ payloadKeys: [K1] });
  ctx = stack.ctx;
  recording = keepRecording(stack.deps);
  await saveProtection({
    ctx,
    input: { topic: "cards.*", paths: ["$.card", "$headers.x-auth"], patterns: [], encrypt: true },
  });
}, 120_000);
afterAll(async () => {
  await recording?.stop();
  await stack?.stop();
});

const withKeys = (...payloadKeys: Deps["env"]["payloadKeys"][number][]): Ctx => ({
  ...ctx,
  deps: { ...stack.deps, env: { ...stack.deps.env, payloadKeys } },
});
const definition = (over: object = {}) => ({
  topic: TOPIC,
  entityType: "card",
  action: "charge",
  cronExpression: "0 0 1 1 *",
  payload: { card: CANARY, note: `${CANARY}-note` },
  headers: { "x-auth": `${CANARY}-header` },
  ...over,
});
const create = async (over: object = {}, by = ctx) => {
  const { schedule } = await createSchedule({ ctx: by, input: definition(over) as never });
  return schedule.scheduleId;
};
const reveal = (scheduleId: string, by = ctx) => getSchedule({ ctx: by, input: { scheduleId, reveal: true } });
const patch = (scheduleId: string, change: object, by = ctx) =>
  patchSchedule({ ctx: by, input: { scheduleId, patch: change as never } });

async function fire(by = ctx): Promise<void> {
  const limits = { limit: 1000, catchUpLimit: 1000, graceMs: 60_000 };
  const { claims } = await stack.deps.hot.claim({ workerId: "w", shard: 0, leaseMs: 30_000, ...limits });
  const due = claims.filter((one): one is Claim => one.kind === "occurrence");
  const { deps } = by;
  await runClaims({ deps, breakers: createBreakers(deps), workerId: "w", claims: due, nowMs: Date.now() });
  await recordAll(stack.deps, 0);
}

const delayed = (offset: number, value: string): Delivered => ({
  topic: "delayed",
  partition: "0",
  offset: String(offset),
  inOrder: true,
  timestampMs: Date.now(),
  key: null,
  value: Buffer.from(value),
  headers: {
    original_topic: TOPIC,
    delivery_time: String(Date.now() + 86_400_000),
    "x-auth": `${CANARY}-delayed-header`,
  },
});

/** Everything in both stores but the bus, whose streams have the events themselves. */
async function storedBytes(): Promise<string> {
  const dumps: string[] = [];
  for (const name of await stack.redis.keys(`${stack.prefix}*`)) {
    if (name.startsWith(`${stack.prefix}bus:`)) continue;
    const type = await stack.redis.type(name);
    if (type === "hash") dumps.push(JSON.stringify(await stack.redis.hgetall(name)));
    if (type === "string") dumps.push(String(await stack.redis.get(name)));
    if (type === "stream") dumps.push(JSON.stringify(await stack.redis.xrange(name, "-", "+")));
    if (type === "list") dumps.push(JSON.stringify(await stack.redis.lrange(name, 0, -1)));
    if (type === "zset") dumps.push(JSON.stringify(await stack.redis.zrange(name, "0", "-1")));
  }
  const database = stack.env.CLICKHOUSE_DATABASE as string;
  const response = async (sql: string) => {
    const answer = await fetch(`${stack.env.CLICKHOUSE_URL}/?database=${database}`, { method: "POST", body: sql });
    return answer.text();
  };
  const tables = (await response(`SELECT name FROM system.tables WHERE database = '${database}' FORMAT TSV`)).split(
    "\n",
  );
  for (const table of tables.filter((name) => name !== "" && !name.startsWith(".inner"))) {
    dumps.push(await response(`SELECT * FROM \`${table}\` FORMAT JSONEachRow`));
  }
  return dumps.join("\n");
}

describe("an encrypted topic", () => {
  it("stores no plain value, publishes the real values, and shows them only to callers who reveal them", async () => {
    const id = await create();
    await patch(id, { description: "kept" });
    await patch(id, { payload: { card: `${CANARY}-2`, note: "n" } });
    await toggleSchedule({ ctx, input: { scheduleId: id, enabled: false, idempotencyKey: "toggle-1" } });
    await restoreSchedule({ ctx, input: { scheduleId: id, version: 1, idempotencyKey: "restore-1" } });
    const batch = await createSchedules({ ctx, input: { items: [definition()] } });
    expect(batch.items).toEqual([{ index: 0, scheduleId: expect.any(String) }]);
    const copy = await create({ payload: { card: "••••", note: "x" }, headers: {}, maskedValuesFrom: id });
    const { executionId } = await executeSchedule({ ctx, input: { scheduleId: id } });
    await fire();
    const body = `{"card": "${CANARY}-replay"}`;
    const edited = await replayExecution({ ctx, input: { executionId, body } });
    const same = await replayExecution({ ctx, input: { executionId } });
    await fire();
    await consumeDelayed(stack.deps, [
      delayed(1, JSON.stringify({ card: `${CANARY}-delayed` })),
      delayed(2, JSON.stringify({ card: `${CANARY}-refused`, action: 7 })),
    ]);
    await recordAll(stack.deps, 0);

    const bytes = await storedBytes();
    expect(bytes).toContain("$encrypted");
    expect(bytes.length).toBeGreaterThan(10_000);
    expect([...bytes.matchAll(/.{80}canary.{40}/g)].map(([text]) => text)).toEqual([]);

    const messages = await stack.published(TOPIC);
    expect(messages.map(({ value }) => JSON.parse(value).payload.card)).toEqual([CANARY, `${CANARY}-replay`, CANARY]);
    expect(new Set(messages.map(({ headers }) => headers["x-auth"]))).toEqual(new Set([`${CANARY}-header`]));
    const shown = await getSchedule({ ctx, input: { scheduleId: id } });
    expect(JSON.parse(shown.payload)).toEqual({ card: "••••", note: `${CANARY}-note` });
    expect(shown.headers).toEqual({ "x-auth": "••••" });
    expect(JSON.parse((await reveal(id)).payload).card).toBe(CANARY);
    expect(JSON.parse((await reveal(copy)).payload).card).toBe(CANARY);
    const execution = await getExecution({ ctx, input: { executionId: edited.executionId, reveal: true } });
    expect(execution.payload).toBe(body);
    expect(execution.lineage.map((one) => [one.executionId === same.executionId, one.isEdited])).toEqual([
      [false, false],
      [false, true],
      [true, false],
    ]);
    const { items } = await listVersions({ ctx, input: { scheduleId: id } });
    expect(items.map(({ changed }) => changed)).toEqual([["description", "payload"], ["payload"], ["description"], []]);
    const audit = await listAudit({ ctx, input: { from: 0, limit: 100, reveal: true } });
    expect(JSON.stringify(audit.items)).toContain(`${CANARY}-replay`);
    const [refused] = await refusedMessages({ ctx, input: { limit: 10, reveal: true } });
    expect(refused?.value).toContain(`${CANARY}-refused`);
  });

  it("never decrypts a text that a caller sends in an edit or a replay", async () => {
    const topic = "cards.oracle";
    const id = await create({ topic });
    const { executionId } = await executeSchedule({ ctx, input: { scheduleId: id } });
    await fire();
    const { payload, headers } = await currentSchedule(stack.deps, id);
    const sealed = (headers as Record<string, string>)["x-auth"] as string;
    expect(isSealed(sealed)).toBe(true);
    const refusedHeaders = { code: "validation_failed", faults: [{ field: "headers" }] };
    const tried = { headers: { note: sealed } };
    await expect(create({ topic, ...tried })).rejects.toMatchObject(refusedHeaders);
    await expect(patch(id, tried)).rejects.toMatchObject(refusedHeaders);
    await expect(replayExecution({ ctx, input: { executionId, ...tried } })).rejects.toMatchObject(refusedHeaders);
    await expect(replayExecution({ ctx, input: { executionId, body: payload } })).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field: "payload" }],
    });
  });

  it("names guessed headers as changed, whether the guess is right or not", async () => {
    const id = await create();
    const rights = RIGHTS.filter((right) => right !== "payloads:read");
    const guesser: Ctx = { ...ctx, principal: { ...SYSTEM_PRINCIPAL, role: "service", rights } };
    for (const guess of [`${CANARY}-header`, "wrong"]) {
      await patch(id, { headers: { "x-auth": guess } }, guesser);
      const { items } = await listAudit({ ctx, input: { from: 0, limit: 1, target: id } });
      expect(items[0]).toMatchObject({
        ...{ verb: "schedule.edit", after: { headers: { "x-auth": "••••" } } },
        masked: expect.arrayContaining(["after.headers: $headers.x-auth"]),
      });
    }
  });

  it("refuses content that looks encrypted", async () => {
    const sealed = (await currentSchedule(stack.deps, await create())).payload;
    for (const topic of [TOPIC, "open"]) {
      await expect(create({ topic, payload: undefined, body: sealed })).rejects.toMatchObject({
        code: "validation_failed",
        faults: [{ field: "payload" }],
      });
      const escaped = sealed.replace("encrypted", "\\u0065ncrypted");
      await expect(create({ topic, payload: undefined, body: escaped })).rejects.toMatchObject({
        code: "validation_failed",
      });
    }
  });
});

describe("a missing key", () => {
  it("hides the payload and fails the attempt; a retry succeeds once the key is configured again", async () => {
    const id = await create({ topic: "cards.us", maxRetries: 3, retryDelaySeconds: 1 });
    const lost = withKeys(K2);
    const { executionId } = await executeSchedule({ ctx, input: { scheduleId: id } });
    await fire(lost);
    const failed = await getExecution({ ctx: lost, input: { executionId } });
    expect(failed).toMatchObject({ status: "retrying", payload: '"••••"', masked: ["$"] });
    expect(failed.attempts[0]).toMatchObject({ errorClass: "decryption", error: expect.stringContaining('"k1"') });
    expect(await stack.published("cards.us")).toEqual([]);
    await expect(reveal(id, lost)).rejects.toMatchObject({ code: "conflict" });
    await expect(patch(id, { description: "x" }, lost)).rejects.toMatchObject({ code: "conflict" });
    await expect.poll(() => fire().then(() => stack.published("cards.us")), { timeout: 20_000 }).toHaveLength(1);
  });

  it("hides a quarantined message, and lets it be discarded or replaced", async () => {
    const quarantined = async (offset: string) => {
      const value = JSON.stringify({ key: null, headers: {}, value: "e30=" });
      await quarantineItem(stack.deps, {
        ...{ step: "consume", kind: "message", shard: null, key: offset, error: new Error("test") },
        bytes: await sealUnknown(stack.deps, value),
      });
      await recordAll(stack.deps, 0);
      const { items } = await listQuarantine({ ctx, input: { limit: 500 } });
      return items.find((item) => item.key === offset)?.id as string;
    };
    const [lost, replaced] = [await quarantined("lost"), await quarantined("replaced")];
    const without = withKeys();
    const reason = expect.stringContaining('the key "k1", which PAYLOAD_ENCRYPTION_KEYS lacks');
    expect(await getQuarantined({ ctx, input: { id: lost } })).toMatchObject({ unreadable: null });
    expect(await getQuarantined({ ctx: without, input: { id: lost } })).toMatchObject({
      ...{ isMasked: true, unreadable: reason, base64: "" },
    });
    const conflict = { code: "conflict", message: reason };
    await expect(getQuarantined({ ctx: without, input: { id: lost, reveal: true } })).rejects.toMatchObject(conflict);
    const decide = (input: { id: string; decision: "retry" | "discard"; text?: string }) =>
      decideQuarantined({ ctx: without, input });
    await expect(decide({ id: lost, decision: "retry" })).rejects.toMatchObject(conflict);
    expect(await decide({ id: lost, decision: "discard" })).toEqual({ id: lost, decision: "discard" });
    const text = JSON.stringify({ key: null, headers: {}, value: "e30=" });
    expect(await decide({ id: replaced, decision: "retry", text })).toEqual({ id: replaced, decision: "retry" });
  });

  it("refuses creates of the topic, and rules that encrypt", async () => {
    const none = withKeys();
    await expect(create({}, none)).rejects.toMatchObject({ code: "conflict" });
    const rule = { topic: "new", paths: [], patterns: [], encrypt: true };
    await expect(saveProtection({ ctx: none, input: rule })).rejects.toMatchObject({ faults: [{ field: "encrypt" }] });
  });
});

describe("rotation", () => {
  it("encrypts schedules of earlier keys and those that are older than the rule, and counts them", async () => {
    const [old, open] = [await create({ topic: "rot.a" }), await create({ topic: "rot.b" })];
    await saveProtection({ ctx, input: { topic: "rot.*", paths: ["$.card"], patterns: [], encrypt: true } });
    const newer = await create({ topic: "rot.a" });
    expect(keyIdOf((await currentSchedule(stack.deps, newer)).payload)).toBe("k1");
    expect(isSealed((await currentSchedule(stack.deps, old)).payload)).toBe(false);
    const both = withKeys(K2, K1);
    const before = await getPayloadKeys({ ctx: both });
    expect(before.keys.map(({ id, isFirst }) => [id, isFirst])).toEqual([
      ["k2", true],
      ["k1", false],
    ]);
    expect(before.pending).toBeGreaterThanOrEqual(3);
    for (let left = 1; left > 0; ) {
      const step = await encryptAgain({ ctx: both, input: { limit: 2 } });
      await recordAll(stack.deps, 0);
      expect(step.encrypted).toBeGreaterThan(0);
      left = (await getPayloadKeys({ ctx: both })).pending;
    }
    for (const id of [old, open, newer]) {
      const current = await currentSchedule(stack.deps, id);
      expect(keyIdOf(current.payload)).toBe("k2");
      expect(JSON.parse((await reveal(id, withKeys(K2))).payload).card).toBe(CANARY);
    }
    const after = await getPayloadKeys({ ctx: both });
    expect(after.keys.find(({ id }) => id === "k1")?.schedules).toBe(0);
    const { items } = await listVersions({ ctx: both, input: { scheduleId: old } });
    expect(items[0]).toMatchObject({ note: "Encrypted with the key k2" });
  });

  it("stores payloads as they are, once the rule is removed, and decrypts those that are stored", async () => {
    const older = await create({ topic: "rot.c" });
    await recordAll(stack.deps, 0);
    await deleteProtection({ ctx, input: { topic: "rot.*" } });
    const id = await create({ topic: "rot.c" });
    expect(isSealed((await currentSchedule(stack.deps, id)).payload)).toBe(false);
    const both = withKeys(K2, K1);
    while ((await getPayloadKeys({ ctx: both })).pending > 0) {
      expect((await encryptAgain({ ctx: both, input: { limit: 100 } })).encrypted).toBeGreaterThan(0);
      await recordAll(stack.deps, 0);
    }
    const { payload, headers } = await currentSchedule(stack.deps, older);
    expect(JSON.parse(payload).card).toBe(CANARY);
    expect(headers).toEqual({ "x-auth": `${CANARY}-header` });
  });

  it("continues after schedules that cannot be decrypted, and counts no schedule twice", async () => {
    const topic = "rot.d";
    await saveProtection({ ctx, input: { topic, paths: ["$.card"], patterns: [], encrypt: true } });
    const [lost, known] = [key("k3"), key("k3")];
    for (const by of [lost, lost, known]) await create({ topic }, withKeys(by));
    await recordAll(stack.deps, 0);
    const step = (...keys: (typeof lost)[]) => encryptAgain({ ctx: withKeys(K2, ...keys), input: { limit: 1 } });
    expect(await step()).toMatchObject({ encrypted: 0, skipped: 3 });
    expect(await step(known)).toMatchObject({ encrypted: 1, skipped: 2, pending: 2 });
    expect(await step(known)).toMatchObject({ encrypted: 0, skipped: 2 });
  });
});

it("an unreadable rule does not drop masking after a loss of Redis, and no process starts with it", async () => {
  const { deps } = stack;
  const { hot, settingsChannel, log } = deps;
  const start = () => createProtectionSource({ hot, settingsChannel, log }).start();
  const row = { key: "later", json: `{"id":"later","rule":{"paths":7}}`, version: Date.now(), deleted: false };
  await deps.store.insertDocuments({ token: "later", kind: DOCUMENT_KIND.protectionRule, rows: [row] });
  for (const name of await stack.redis.keys(`${stack.prefix}*`)) {
    if (name.includes("{protection}")) await stack.redis.del(name);
  }
  await expect(start()).rejects.toThrow("Redis lost its data");
  await restoreProtection({ deps });
  expect(deps.protection.of(TOPIC)).not.toBeNull();
  await expect(listProtection({ ctx })).rejects.toThrow();
  await expect(start()).rejects.toThrow();
});
