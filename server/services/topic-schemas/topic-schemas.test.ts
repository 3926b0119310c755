import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "~/server/domain/errors";
import type { Delivered } from "~/server/ports/bus";
import type { Ctx } from "~/server/services/ctx";
import { consumeDelayed } from "~/server/services/firing/consume";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { saveProtection } from "~/server/services/protection";
import { createSchedule, createSchedules, patchSchedule } from "~/server/services/schedules";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import {
  checkPayload,
  deleteTopicSchema,
  getTopicSchema,
  listTopicSchemas,
  restoreTopicSchemas,
  saveTopicSchema,
  trySchema,
} from "./index";

const TOPIC = "shop.orders";
const SCHEMA = `{ "type": "object", "required": ["orderId"],
  "properties": { "orderId": { "type": "integer" }, "items": { "items": { "properties": { "sku": { "type": "string" } } } } } }`;

let stack: TestStack;
let ctx: Ctx;
beforeAll(async () => {
  stack = await startTestStack();
  ctx = stack.ctx;
  await saveTopicSchema({ ctx, input: { topic: TOPIC, schema: SCHEMA } });
}, 120_000);
afterAll(async () => stack?.stop());

const daily = (payload: Record<string, unknown>, topic = TOPIC) => ({
  topic,
  entityType: "order",
  action: "remind",
  cronExpression: "0 3 * * *",
  payload,
});
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error,
  );
const BAD_PAYLOAD = { orderId: 1, items: [{ sku: "a" }, { sku: "b" }, { sku: 3 }] };

describe("the schema of a topic", () => {
  it("is returned as it was saved", async () => {
    expect(await getTopicSchema({ ctx, input: { topic: TOPIC } })).toMatchObject({ topic: TOPIC, schema: SCHEMA });
    expect((await listTopicSchemas({ ctx })).items.map(({ topic }) => topic)).toEqual([TOPIC]);
  });

  it("of a topic with masked values is saved only by a caller who may see them", async () => {
    const topic = "masked.orders";
    const rule = { topic: "masked.*", paths: ["$.orderId"], patterns: [], encrypt: false };
    await saveProtection({ ctx, input: rule });
    const by: Ctx = { ...ctx, principal: { ...SYSTEM_PRINCIPAL, role: "service", rights: ["settings:edit"] } };
    expect(await refusal(saveTopicSchema({ ctx: by, input: { topic, schema: SCHEMA } }))).toMatchObject({
      code: "forbidden",
      details: { required: "payloads:read" },
    });
    expect(await refusal(saveTopicSchema({ ctx, input: { topic, schema: SCHEMA } }))).toBeNull();
    await deleteTopicSchema({ ctx, input: { topic } });
  });

  it("refuses a create, and names the path", async () => {
    expect(await refusal(createSchedule({ ctx, input: daily(BAD_PAYLOAD) }))).toMatchObject({
      code: "validation_failed",
      message: "payload.items[2].sku: must be string",
      faults: [{ field: "payload.items[2].sku", message: "must be string", expected: expect.stringContaining(TOPIC) }],
    });
    expect(await refusal(createSchedule({ ctx, input: daily({ orderId: 1 }) }))).toBeNull();
    expect(await refusal(createSchedule({ ctx, input: daily(BAD_PAYLOAD, "shop.others") }))).toBeNull();
  });

  it("refuses only the items of a batch that do not match", async () => {
    const { items } = await createSchedules({ ctx, input: { items: [daily({ orderId: 1 }), daily({})] } });
    expect(items.map((item) => ("error" in item ? item.error.message : "created"))).toEqual([
      "created",
      "payload.orderId: is missing",
    ]);
  });

  it("does not apply to an existing schedule until its payload or topic changes", async () => {
    const { schedule } = await createSchedule({ ctx, input: daily({}, "shop.older") });
    const patch = (change: object) =>
      refusal(patchSchedule({ ctx, input: { scheduleId: schedule.scheduleId, patch: change } }));
    await saveTopicSchema({ ctx, input: { topic: "shop.older", schema: SCHEMA } });
    expect(await patch({ description: "still editable" })).toBeNull();
    expect(await patch({ payload: { orderId: "x" } })).toMatchObject({ message: "payload.orderId: must be integer" });
    expect(await patch({ topic: TOPIC })).toMatchObject({ message: "payload.orderId: is missing" });
    expect(await patch({ payload: { orderId: 2 } })).toBeNull();
  });

  it("refuses a delayed message by its payload, or by its complete value if it has no payload", async () => {
    const message = (offset: number, value: object): Delivered => ({
      topic: "delayed",
      partition: "0",
      offset: String(offset),
      inOrder: true,
      timestampMs: Date.now(),
      key: null,
      value: Buffer.from(JSON.stringify(value)),
      headers: { original_topic: TOPIC, delivery_time: String(Date.now() + 60_000) },
    });
    const batch = [{ payload: { orderId: 1 } }, { orderId: 1 }, { payload: { orderId: "1" } }, { action: "a" }];
    expect(
      await consumeDelayed(
        stack.deps,
        batch.map((value, offset) => message(offset, value)),
      ),
    ).toMatchObject({
      stored: 2,
      refused: 2,
    });
    const refused = await stack.published("stufio.events.delayed.dlq");
    expect(refused.map(({ headers }) => [headers.dlq_code, headers.dlq_reason])).toEqual([
      ["schema_mismatch", "payload.orderId must be integer"],
      ["schema_mismatch", "payload.orderId is missing"],
    ]);
  });

  it("can be compared with a payload, and so can an unsaved schema", async () => {
    expect(await checkPayload({ ctx, input: { topic: TOPIC, body: "{}" } })).toEqual({
      hasSchema: true,
      faults: [{ path: "payload.orderId", message: "is missing" }],
    });
    expect(await checkPayload({ ctx, input: { topic: "none", body: "{}" } })).toEqual({ hasSchema: false, faults: [] });
    expect(await trySchema({ ctx, input: { schema: '{"maxProperties":0}', body: '{"a":1}' } })).toMatchObject({
      faults: [{ path: "payload" }],
    });
  });

  it("reaches another process, survives a loss of Redis, and is removed for good", async () => {
    const otherProcess = await stack.another();
    await otherProcess.topicSchemas.refresh();
    expect(otherProcess.topicSchemas.checkOf(TOPIC)?.({})).toHaveLength(1);

    for (const key of await stack.redis.keys(`${stack.prefix}*`))
      if (key.includes("{schemas}")) await stack.redis.del(key);
    await restoreTopicSchemas({ deps: otherProcess });
    expect((await listTopicSchemas({ ctx })).items.map(({ topic }) => topic)).toContain(TOPIC);

    await deleteTopicSchema({ ctx, input: { topic: TOPIC } });
    await restoreTopicSchemas({ deps: otherProcess });
    expect(otherProcess.topicSchemas.checkOf(TOPIC)).toBeNull();
    expect(await refusal(createSchedule({ ctx, input: daily({}) }))).toBeNull();
    expect(await refusal(getTopicSchema({ ctx, input: { topic: TOPIC } }))).toMatchObject({ code: "not_found" });
    expect(await refusal(deleteTopicSchema({ ctx, input: { topic: TOPIC } }))).toMatchObject({ code: "not_found" });
  });

  it("is changed or tried out only with the right to edit settings, and saved only if it compiles", async () => {
    const input = { topic: "shop.new", schema: "{}" };
    const editor: Ctx = { ...ctx, principal: { ...SYSTEM_PRINCIPAL, role: "editor" } };
    expect(await refusal(saveTopicSchema({ ctx: editor, input }))).toMatchObject({ code: "forbidden" });
    expect(await refusal(trySchema({ ctx: editor, input: { schema: "{}", body: "{}" } }))).toMatchObject({
      code: "forbidden",
    });
    expect(await refusal(saveTopicSchema({ ctx, input: { ...input, schema: '{"type":"strin"}' } }))).toMatchObject({
      code: "validation_failed",
      faults: [{ field: "schema" }],
    });
  });
});
