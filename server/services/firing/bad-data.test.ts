import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packId } from "~/server/adapters/redis/codec/packed-id";
import { create, oneTime, planOf, recurring } from "~/server/adapters/redis/testing/hot-tier-fixture";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Delivered } from "~/server/ports/bus";
import type { Deps } from "~/server/services/ctx";
import { refusedMessages } from "~/server/services/dead-letters";
import { consumeDelayed } from "~/server/services/firing/consume";
import { insertRecorded } from "~/server/services/firing/insert-recorded";
import { promoteOnce } from "~/server/services/firing/promote-once";
import { renderMetrics } from "~/server/services/monitoring";
import { decideQuarantined, getQuarantined, listQuarantine } from "~/server/services/quarantine";
import { quarantineItem } from "~/server/services/quarantine/quarantine-item";
import { deleteSchedule, ListSchedulesInput, listSchedules } from "~/server/services/schedules";
import { recordAll } from "~/server/testing/recording";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "~/worker/worker";

/*
 * Bad data does not stop other data from being fired, recorded, promoted and listed. Entries of the outbox have the
 * letters of their kinds: s (schedule row), x (ledger row), y (execution), u (account), w (waiting occurrence).
 */

let stack: TestStack;
let deps: Deps;

beforeAll(async () => {
  stack = await startTestStack();
  ({ deps } = stack);
}, 120_000);
afterAll(() => stack?.stop());

const quarantine = async (key: string) => {
  const { items } = await listQuarantine({ ctx: stack.ctx, input: { limit: 500 } });
  return items.filter((item) => item.key === key);
};
const nameOf = (row: Schedule | null | undefined) => row?.name;
const UNPAIRED = "\ud800";

describe("the recorder", () => {
  test("records a refused row with U+FFFD, quarantines its bytes, and records all other rows", async () => {
    const good = Array.from({ length: 20 }, (_, n) => oneTime(Date.now() + 3_600_000, { name: `good ${n}` }));
    const bad = oneTime(Date.now() + 3_600_000, { name: `bad ${UNPAIRED}`, headers: { "x-note": UNPAIRED } });
    await deps.hot.putMany([...good.slice(0, 10), bad, ...good.slice(10)].map((one) => create(one)));
    await recordAll(deps, 0);
    const stored = await deps.store.getSchedules(good.map((one) => one.scheduleId));
    expect(stored.map(nameOf).sort()).toEqual(good.map(nameOf).sort());
    expect((await deps.store.getSchedules([bad.scheduleId]))[0]?.name).toBe("bad \ufffd");
    const [item] = await quarantine(bad.scheduleId);
    expect(item).toMatchObject({ step: "record", kind: "schedule", shard: 0 });
    expect(item?.reason).toMatch(/^Recorded with U\+FFFD .* ClickHouse refused the row: /);
    const detail = await getQuarantined({ ctx: stack.ctx, input: { id: item?.id as string } });
    expect(JSON.parse(detail.text as string)).toMatchObject({
      name: `bad ${UNPAIRED}`,
      headers: { "x-note": UNPAIRED },
    });
    expect(await deps.hot.stats()).toMatchObject({ outboxDepth: 0 });
  });

  test("adds nothing to tables or roll-ups when a split batch is repeated", async () => {
    const schedule = oneTime(Date.now() - 1000, { topic: "split", name: UNPAIRED });
    await deps.hot.putMany(
      [...[1, 2, 3, 4].map(() => oneTime(Date.now() - 1000, { topic: "split" })), schedule].map((one) => create(one)),
    );
    await recordAll(deps, 0);
    const { claims } = await deps.hot.claim({
      ...{ workerId: "w", shard: 0, limit: 100, leaseMs: 30_000, catchUpLimit: 1, graceMs: 60_000 },
    });
    const nowMs = Date.now();
    const delta = {
      ...{ outcome: "succeeded" as const, reason: null, firedAt: nowMs, endedAt: nowMs, publishMs: 1, attempts: [] },
      ...{ error: null, errorClass: null, workerId: "w", partition: null, offset: null, actor: null },
    };
    await deps.hot.settle(
      claims.flatMap((claim) =>
        claim.kind === "occurrence" ? { kind: "done" as const, claim, delta, tail: null } : [],
      ),
    );
    const batch = await deps.hot.readBatch({ shard: 0, limit: 100 });
    if (batch === null) throw new Error("the outbox is empty");
    expect(batch.executions).toHaveLength(5);
    await insertRecorded(deps, batch);
    await insertRecorded(deps, batch);
    await deps.hot.ackBatch({ batch, fenceTtlMs: 1000 });
    const ledger = await deps.store.listExecutions({ topic: ["split"], limit: 100 });
    expect(ledger.items).toHaveLength(5);
    const summary = await deps.store.analyticsSummary({
      fromMs: nowMs - 60_000,
      toMs: nowMs + 60_000,
      nowMs,
      topic: "split",
    });
    expect(summary.totals).toMatchObject({ total: 5, succeeded: 5 });
  });

  test("skips unreadable entries and quarantines them byte for byte", async () => {
    const outbox = `${stack.prefix}{0}:outbox`;
    const bytes = Buffer.from([0xff, 0x00, 0x7c, 0x0a, 0xfe]);
    const before = oneTime(Date.now() + 3_600_000);
    const after = oneTime(Date.now() + 3_600_000);
    await deps.hot.put(create(before));
    // This release does not know the kind "z".
    await stack.redis.xadd(outbox, "*", "s", bytes, "z", "of a newer version", "x", "{not json");
    await stack.redis.xadd(outbox, "*", "u", '{"no":"id"}', "y", "1||k\n@0|1\n");
    await deps.hot.put(create(after));
    await recordAll(deps, 0);
    expect(await deps.store.getSchedules([before.scheduleId, after.scheduleId])).toHaveLength(2);
    const [row] = await quarantine("s");
    expect(row).toMatchObject({ step: "record", kind: "outbox", shard: 0 });
    const detail = await getQuarantined({ ctx: stack.ctx, input: { id: row?.id as string } });
    expect([detail.text, detail.base64]).toEqual([null, bytes.toString("base64")]);
    expect((await quarantine("z"))[0]?.reason).toContain("Unknown kind");
    for (const kind of ["x", "u", "y"]) expect(await quarantine(kind)).toHaveLength(1);
    expect(await renderMetrics({ ctx: stack.ctx })).toMatch(/stufio_quarantined_total\{step="record"\} [1-9]/);
  });

  test("does not mistake an outage for bad data: tries the batch once and quarantines nothing", async () => {
    await deps.hot.put(create(oneTime(Date.now() + 3_600_000)));
    const total = (await listQuarantine({ ctx: stack.ctx, input: { limit: 1 } })).total;
    let calls = 0;
    const unavailable = async () => {
      calls += 1;
      throw new AppError("clickhouse_unavailable", "away");
    };
    await expect(recordAll({ ...deps, store: { ...deps.store, insertBatch: unavailable } }, 0)).rejects.toMatchObject({
      code: "clickhouse_unavailable",
    });
    expect(calls).toBe(1);
    await recordAll(deps, 0);
    expect((await listQuarantine({ ctx: stack.ctx, input: { limit: 1 } })).total).toBe(total);
  });
});

const longTerm = (schedule: Schedule) => ({
  schedule,
  placement: { tier: "clickhouse" as const, nextExecution: Date.now() + 60_000 },
  expectedVersion: null,
});

test("a schedule with neither a cron nor a time is paused by the promotion with the reason", async () => {
  const bad = oneTime(0, { executionTime: null });
  const good = oneTime(Date.now() + 60_000);
  await deps.hot.putMany([longTerm(bad), longTerm(good)]);
  await recordAll(deps, 0);
  expect(await promoteOnce(deps)).toMatchObject({ promoted: 1, refused: 1 });
  await recordAll(deps, 0);
  const [paused] = await deps.store.getSchedules([bad.scheduleId]);
  expect(paused).toMatchObject({ enabled: false, pausedBy: "system" });
  expect(paused?.pauseNote).toMatch(/^The schedule cannot be planned: .* has neither a cron expression nor /);
  expect(await quarantine(bad.scheduleId)).toMatchObject([{ step: "promote", kind: "schedule" }]);
});

describe("a schedule whose cron cannot be read", () => {
  const unreadable = (more: Partial<Schedule> = {}) =>
    recurring({ cronExpression: "? ? ? * nonsense", name: `unreadable ${Math.random()}`, ...more });
  const rowOf = async (q: string) =>
    (await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({ q }) })).items[0];

  test("is listed among the others, with the fault as its cadence", async () => {
    const firstBad = unreadable({ name: "noted", cronExpression: "? * * * *" });
    const secondBad = unreadable({ name: "noted as well" });
    const good = recurring({ name: "noted third" });
    const inAnHour = planOf(Date.now() + 3_600_000);
    await deps.hot.putMany([create(firstBad, inAnHour), create(secondBad, inAnHour), create(good, inAnHour)]);
    await recordAll(deps, 0);
    const { items } = await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({ q: "noted" }) });
    expect(items.map((row) => row.cadence).sort()).toEqual([
      expect.stringContaining("Every minute"),
      expect.stringMatching(/^Invalid cron: "\? /),
      expect.stringMatching(/^Invalid cron: "\? /),
    ]);
    await deleteSchedule({ ctx: stack.ctx, input: { scheduleId: secondBad.scheduleId } });
    expect(await rowOf("noted as well")).toBeUndefined();
  });

  test("is paused by the promotion with the reason, while the others are promoted", async () => {
    const bad = unreadable();
    const good = recurring({ name: "promoted beside it" });
    await deps.hot.putMany([longTerm(bad), longTerm(good)]);
    await recordAll(deps, 0);
    expect(await promoteOnce(deps)).toMatchObject({ promoted: 1, refused: 1 });
    expect((await deps.hot.getMany([good.scheduleId]))[0]).not.toBeNull();
    await recordAll(deps, 0);
    const [paused] = await deps.store.getSchedules([bad.scheduleId]);
    expect(paused).toMatchObject({ enabled: false, pausedBy: "system" });
    expect(paused?.pauseNote).toMatch(/^The schedule cannot be planned: minute: /);
    expect(await quarantine(bad.scheduleId)).toMatchObject([{ step: "promote", kind: "schedule" }]);
    expect(await promoteOnce(deps)).toMatchObject({ refused: 0 });
  });

  test("does not block other due events, and is paused if it is late", async () => {
    const now = Date.now();
    const onTime = unreadable();
    const late = unreadable();
    await deps.hot.putMany([create(onTime, planOf(now - 1000)), create(late, planOf(now - 3_600_000))]);
    const good = oneTime(now - 500, { topic: "beside" });
    await deps.hot.put(create(good));
    const worker: Worker = await startWorker({
      deps: await stack.another(),
      port: 0,
      host: "127.0.0.1",
      clockSkewMs: () => 0,
    });
    try {
      await eventually(async () => ((await stack.published("beside")).length === 1 ? true : null), {
        what: "the readable schedule fires",
      });
      const row = await eventually(
        async () => {
          const [found] = await deps.store.getSchedules([late.scheduleId]);
          return found?.enabled === false ? found : null;
        },
        { what: "the late schedule is paused" },
      );
      expect(row.pausedBy).toBe("system");
    } finally {
      await worker.stop();
    }
  }, 60_000);
});

describe("a delayed message", () => {
  const message = (offset: string, more: Partial<Delivered> = {}): Delivered => ({
    topic: "delayed",
    partition: "0",
    offset,
    key: null,
    value: Buffer.from('{"action":"a"}'),
    headers: { original_topic: "consumed", delivery_time: "0001-01-01T00:00:00Z" },
    timestampMs: Date.now(),
    inOrder: false,
    ...more,
  });

  test("with a time in the year 1 expires, while other due events fire", async () => {
    const headers = { original_topic: "consumed", delivery_time: String(Date.now() - 1000) };
    expect(await consumeDelayed(deps, [message("1"), message("2", { headers })])).toMatchObject({ stored: 2 });
    const worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
    try {
      const rows = await eventually(
        async () => {
          const { items } = await deps.store.listExecutions({ topic: ["consumed"], limit: 10 });
          return items.length === 2 ? items : null;
        },
        { what: "both messages have an outcome" },
      );
      expect(rows.map((row) => row.outcome).sort()).toEqual(["expired", "succeeded"]);
    } finally {
      await worker.stop();
    }
  }, 60_000);

  test("that cannot be stored is dead-lettered, or quarantined if the dead-letter topic refuses it", async () => {
    const batch = [
      message("3"),
      message("4", { timestampMs: Number.NaN, headers: { original_topic: "t", delay_ms: "1" } }),
      message("5"),
    ];
    expect(await consumeDelayed(deps, batch)).toMatchObject({ stored: 2, refused: 1 });
    const dead = await stack.published("stufio.events.delayed.dlq");
    expect(dead.at(-1)?.headers).toMatchObject({ dlq_code: "unprocessable", dlq_offset: "4" });
    const bus = deps.bus as NonNullable<Deps["bus"]>;
    const tooLarge = { ok: false as const, errorClass: "bad_payload" as const, message: "too large", retriable: false };
    const refusing = { ...bus, publish: async (all: readonly unknown[]) => all.map(() => tooLarge) };
    const bad = message("6", { headers: {}, value: Buffer.from([0xff, 0x00]) });
    expect(await consumeDelayed({ ...deps, bus: refusing }, [bad, message("7")])).toMatchObject({
      stored: 1,
      refused: 1,
    });
    await recordAll(deps, 0);
    const [item] = await quarantine("delayed/0/6");
    expect(item).toMatchObject({
      step: "consume",
      kind: "message",
      reason: expect.stringContaining("dead-letter topic refused it"),
    });
    const detail = await getQuarantined({ ctx: stack.ctx, input: { id: item?.id as string } });
    expect(JSON.parse(detail.text as string).value).toBe(Buffer.from([0xff, 0x00]).toString("base64"));
  });
});

describe("an item for the quarantine", () => {
  test("is stored and logged by the next try if Redis refused it, and once although its step tries again and again", async () => {
    const found = { step: "consume", kind: "message", shard: null, key: "tried again", bytes: "{}" } as const;
    const { hot } = deps;
    let appended = 0;
    const append: typeof hot.append = async (...document) => {
      appended += 1;
      if (appended === 1) throw new AppError("redis_unavailable", "away");
      return hot.append(...document);
    };
    const logged: unknown[] = [];
    const log = Object.assign(Object.create(deps.log), { error: (fields: unknown) => logged.push(fields) });
    const tryAgain = () =>
      quarantineItem({ ...deps, log, hot: { ...hot, append } }, { ...found, error: new Error("bad") });
    await expect(tryAgain()).rejects.toMatchObject({ code: "redis_unavailable" });
    for (let n = 0; n < 3; n += 1) await tryAgain();
    expect(appended).toBe(2);
    expect(logged).toEqual([expect.objectContaining({ key: "tried again", reason: "bad" })]);
    await recordAll(deps, 0);
    expect(await quarantine("tried again")).toMatchObject([{ step: "consume", reason: "bad" }]);
  });
});

describe("a refused message with a timestamp before 1970", () => {
  test("is listed with the other refused messages", async () => {
    const input = { topic: "stufio.events.delayed", partition: "0", offset: "9", timestampMs: -5, key: null };
    await consumeDelayed(deps, [{ ...input, value: Buffer.from("{"), headers: {}, inOrder: false }]);
    await recordAll(deps, 0);
    const refused = await refusedMessages({ ctx: stack.ctx, input: { limit: 500 } });
    expect(refused.map(({ offset }) => offset)).toContain("9");
  });
});

describe("an operator", () => {
  const decide = (input: { id: string; decision: "retry" | "discard"; text?: string }) =>
    decideQuarantined({ ctx: stack.ctx, input });

  test("repairs a document and retries it: the document is recorded and leaves the list", async () => {
    await stack.redis.xadd(`${stack.prefix}{0}:outbox`, "*", "w", '{"id":7}');
    await recordAll(deps, 0);
    const [item] = await quarantine("w");
    expect(item).toMatchObject({ kind: "document" });
    await decide({ id: item?.id as string, decision: "retry", text: '{"id":"mended","at":9}' });
    await recordAll(deps, 0);
    expect(await deps.store.waitingSince({ sinceMs: 0, limit: 10 })).toMatchObject([{ key: "mended" }]);
    expect(await quarantine("w")).toEqual([]);
    await expect(decide({ id: item?.id as string, decision: "discard" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("retries an item that is still damaged: the item returns to the list", async () => {
    await stack.redis.xadd(`${stack.prefix}{0}:outbox`, "*", "s", "damaged");
    await recordAll(deps, 0);
    const before = await quarantine("s");
    await decide({ id: before[0]?.id as string, decision: "retry" });
    await recordAll(deps, 0);
    expect(await quarantine("s")).toHaveLength(before.length);
  });

  test.each([
    ["s", "{}"],
    ["s", '{"scheduleId":"01900000-0000-7000-8000-000000000001","state":null}'],
    ["s", '{"scheduleId":"no id","state":{"revision":1}}'],
    ["x", "{}"],
    ["x", '{"executionId":"x","scheduleId":"y","scheduledFor":"soon"}'],
  ])(
    "discards an incomplete row of kind %s, which an outbox entry has twice; lists and the recorder still work: %s",
    async (kind, text) => {
      const recorded = oneTime(Date.now() + 3_600_000);
      await stack.redis.xadd(`${stack.prefix}{0}:outbox`, "*", kind, text, kind, text);
      await deps.hot.put(create(recorded));
      await listSchedules({ ctx: stack.ctx, input: ListSchedulesInput.parse({}) });
      await recordAll(deps, 0);
      expect(await deps.store.getSchedules([recorded.scheduleId])).toHaveLength(1);
      const [item] = await quarantine(kind);
      expect(item).toMatchObject({ step: "record", kind: "outbox" });
      const detail = await getQuarantined({ ctx: stack.ctx, input: { id: item?.id as string } });
      expect(detail.text).toBe(text);
      await decide({ id: item?.id as string, decision: "discard" });
    },
  );

  const quarantineMessage = async (key: string, topic: string) => {
    const message = { key: null, headers: { delivery_time: "1", original_topic: topic }, value: "e30=" };
    await quarantineItem(deps, {
      ...{ step: "consume", kind: "message", shard: null, key, error: new Error("test") },
      bytes: JSON.stringify(message),
    });
    await recordAll(deps, 0);
    return (await quarantine(key))[0]?.id as string;
  };
  const sent = () => stack.redis.xlen(`${stack.prefix}bus:${deps.env.topicPrefix}.delayed`);

  test("retries a message eight times at once: the message is sent once", async () => {
    const id = await quarantineMessage("one message", "clicked");
    const before = await sent();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => decide({ id, decision: "retry" })));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await sent()) - before).toBe(1);
  });

  test.each([
    "nope",
    "",
    "null",
    "[]",
    '{"key":null,"headers":{}}',
    '{"key":null,"headers":{},"value":5}',
    '{"key":5,"headers":{},"value":"e30="}',
    '{"key":null,"headers":{"a":{"b":1}},"value":"e30="}',
    '{"key":null,"headers":"x","value":"e30="}',
    '{"key":null,"headers":{},"value":"***"}',
  ])("edits a message to the invalid text '%s': the edit is refused, and nothing is sent", async (text) => {
    const id = await quarantineMessage("edited message", "edited");
    const before = await sent();
    await expect(decide({ id, decision: "retry", text })).rejects.toMatchObject({ status: 422 });
    expect(await sent()).toBe(before);
    await decide({ id, decision: "discard" });
  });

  test("repairs a quarantined record and retries it: its occurrence is claimed", async () => {
    const schedule = oneTime(Date.now() - 100, { topic: "mended" });
    await deps.hot.put(create(schedule));
    const field = packId(schedule.scheduleId);
    const record = (await stack.redis.hget(`${stack.prefix}{0}:sched`, field)) as string;
    await stack.redis.hset(`${stack.prefix}{0}:sched`, field, `x${record}`);
    const claim = () =>
      deps.hot.claim({ ...{ workerId: "w", shard: 0, limit: 10, leaseMs: 9000, catchUpLimit: 1, graceMs: 60_000 } });
    const ids = async () => (await claim()).claims.map((one) => one.schedule.scheduleId);
    expect(await ids()).not.toContain(schedule.scheduleId);
    await recordAll(deps, 0);
    const [item] = await quarantine(field);
    expect(item).toMatchObject({ step: "claim", kind: "record", shard: 0 });
    await decide({ id: item?.id as string, decision: "retry", text: record });
    expect(await ids()).toContain(schedule.scheduleId);
  });

  test("lists an item of unknown format, with the reason, beside the other items", async () => {
    const known = await quarantineMessage("known format", "listed");
    await deps.hot.append(
      DOCUMENT_KIND.quarantineItem,
      JSON.stringify({ id: "of-a-newer-version", at: Date.now(), step: "dream", kind: "new" }),
    );
    await recordAll(deps, 0);
    const [item] = await quarantine("of-a-newer-version");
    expect(item?.reason).toContain("Unknown format, written by a newer version");
    expect((await quarantine("known format")).map(({ id }) => id)).toEqual([known]);
  });
});
