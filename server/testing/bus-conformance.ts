import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Bus, BusMessage, Consumption, Delivered } from "~/server/ports/bus";

/** A broker that a test can kill and restart. */
export interface FragileBroker {
  open(): Bus;
  kill(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** The broker of a suite. */
export interface BrokerUnderTest {
  open(): Bus;
  /** Expected value of `Delivered.inOrder`. */
  inOrder: boolean;
  /** Opens a bus whose broker does not exist. */
  openDead(requestTimeoutMs: number): Bus;
  /**
   * Starts a second broker that can be killed and restarted with its data; null if this is not possible.
   */
  fragile: (() => Promise<FragileBroker>) | null;
  close(): Promise<void>;
}

const unique = (name: string) => `${name}.${randomUUID().slice(0, 8)}`;

export function message(input: Partial<BusMessage> & { topic: string }): BusMessage {
  return { key: null, value: "{}", headers: {}, ...input };
}

/** Starts to read a topic into a list. `until` resolves when the list has at least `count` messages. */
export async function collect(
  bus: Bus,
  input: {
    topic: string;
    group?: string;
    onBatch?: (batch: Delivered[]) => Promise<void>;
    onInterrupted?: (error: Error) => void;
    onResumed?: () => void;
  },
) {
  const seen: Delivered[] = [];
  const waiting = new Set<() => void>();
  const consumption: Consumption = await bus.consume({
    topic: input.topic,
    group: input.group ?? unique("group"),
    fromBeginning: true,
    onInterrupted: input.onInterrupted,
    onResumed: input.onResumed,
    async onBatch(batch) {
      await input.onBatch?.(batch);
      seen.push(...batch);
      for (const check of waiting) check();
    },
  });
  return {
    seen,
    values: () => seen.map((delivered) => delivered.value.toString()),
    stop: () => consumption.stop(),
    async until(count: number): Promise<Delivered[]> {
      await new Promise<void>((resolve) => {
        const check = () => {
          if (seen.length >= count) resolve();
        };
        waiting.add(check);
        check();
      });
      return seen;
    },
  };
}

async function publishUntilAccepted(bus: Bus, outgoing: BusMessage): Promise<void> {
  for (;;) {
    const [result] = await bus.publish([outgoing]);
    if (result?.ok) return;
    await pause(100);
  }
}

/** The tests that every bus must pass. */
export function busConformance(name: string, setUp: () => Promise<BrokerUnderTest>): void {
  describe(`${name} as a bus`, { timeout: 60_000 }, () => {
    let broker: BrokerUnderTest;
    const opened: Bus[] = [];
    const open = async () => {
      const bus = broker.open();
      opened.push(bus);
      await bus.start();
      return bus;
    };

    beforeAll(async () => {
      broker = await setUp();
    }, 120_000);
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.stop()));
    });
    afterAll(() => broker?.close());

    it("delivers the messages of each key in the order in which several calls published them", async () => {
      const bus = await open();
      const topic = unique("order");
      for (let call = 0; call < 3; call++) {
        const batch = Array.from({ length: 100 }, (_, n) =>
          message({ topic, key: `user.${n % 10}`, value: String(call * 100 + n) }),
        );
        expect((await bus.publish(batch)).every((result) => result.ok)).toBe(true);
      }
      const delivered = await (await collect(bus, { topic })).until(300);
      for (let key = 0; key < 10; key++) {
        const values = delivered.filter((one) => one.key === `user.${key}`).map((one) => Number(one.value));
        expect(values).toEqual(Array.from({ length: 30 }, (_, n) => n * 10 + key));
      }
    });

    it("carries values, keys and headers unchanged, including bytes that are not text", async () => {
      const bus = await open();
      const topic = unique("bytes");
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
      const sent = [
        message({ topic, key: "user.1", value: '{"a":"é 漢字 🎉"}', headers: { correlation_id: "ü/漢", empty: "" } }),
        message({ topic, key: "ключ.2", value: everyByte, headers: {} }),
        message({ topic, key: "user.1", value: Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xc3]), headers: { n: "1" } }),
        message({ topic, key: "user.1", value: randomBytes(200_000), headers: { long: "x".repeat(8000) } }),
        message({ topic, key: null, value: "", headers: {} }),
        message({ topic, key: Buffer.from([0xff, 0x00, 0x80]), value: "key of bytes", headers: {} }),
        message({
          topic,
          key: "user.1",
          value: "list of headers",
          headers: [
            ["x-dup", "first"],
            ["x-bytes", "//4AgAE=", "base64"],
            ["10", ""],
            ["x-dup", "second"],
            ["9", null],
          ],
        }),
      ];
      expect((await bus.publish(sent)).map((result) => result.ok)).toEqual(sent.map(() => true));
      const delivered = await (await collect(bus, { topic })).until(sent.length);
      for (const original of sent) {
        const bytes = Buffer.from(original.value);
        const match = delivered.find((one) => one.value.equals(bytes));
        expect(match).toMatchObject({ topic, key: original.key, headers: original.headers });
      }
    });

    it("reports each message's position and time", async () => {
      const bus = await open();
      const topic = unique("place");
      const before = Date.now();
      const batch = Array.from({ length: 50 }, (_, n) => message({ topic, key: `k${n}`, value: String(n) }));
      const results = await bus.publish(batch);
      const delivered = await (await collect(bus, { topic })).until(50);
      for (const one of delivered) {
        const result = results[Number(one.value)];
        expect(result).toEqual({ ok: true, partition: Number(one.partition), offset: one.offset });
        expect(Math.abs(one.timestampMs - before)).toBeLessThan(60_000);
        expect(one.inOrder).toBe(broker.inOrder);
      }
    });

    it("accepts 5,000 messages in one call and delivers each once", async () => {
      const bus = await open();
      const topic = unique("many");
      const padding = "x".repeat(300);
      const batch = Array.from({ length: 5000 }, (_, n) =>
        message({ topic, key: `k${n % 97}`, value: `${n} ${padding}` }),
      );
      const results = await bus.publish(batch);
      expect(results).toHaveLength(5000);
      expect(results.filter((result) => !result.ok)).toEqual([]);
      const reader = await collect(bus, { topic });
      await reader.until(5000);
      const numbers = reader.values().map((value) => Number.parseInt(value, 10));
      expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, n) => n));
    });

    it("publishes to many new topics", async () => {
      const bus = await open();
      const topics = Array.from({ length: 20 }, () => unique("fresh"));
      const results = await bus.publish(topics.map((topic) => message({ topic })));
      expect(results.filter((result) => !result.ok)).toEqual([]);
    });

    it("refuses invalid messages without throwing", async () => {
      const bus = await open();
      const topic = unique("odd");
      const odd = [{ value: undefined }, { key: 5 }, { headers: { n: 5 } }].map((part) => ({
        ...message({ topic }),
        ...part,
      }));
      const results = await bus.publish([...(odd as unknown as BusMessage[]), message({ topic })]);
      const refused = { ok: false, errorClass: "bad_payload", retriable: false };
      expect(results).toMatchObject([refused, refused, refused, { ok: true }]);
    });

    it("returns a result for each message in order, also if a message can never be sent", async () => {
      const bus = await open();
      const topic = unique("mixed");
      const batch = [topic, "no spaces", topic, "..", topic].map((each, n) =>
        message({ topic: each, value: String(n) }),
      );
      const results = await bus.publish(batch);
      expect(results.map((result) => result.ok)).toEqual([true, false, true, false, true]);
      expect(results[1]).toMatchObject({ errorClass: "bad_payload", retriable: false });
      const reader = await collect(bus, { topic });
      await reader.until(3);
      expect(reader.values().sort()).toEqual(["0", "2", "4"]);
    });

    it("continues where a group stopped, with another consumer", async () => {
      const bus = await open();
      const [topic, group] = [unique("resume"), unique("group")];
      const numbered = (from: number) =>
        Array.from({ length: 10 }, (_, n) => message({ topic, key: "k", value: String(from + n) }));
      await bus.publish(numbered(0));
      const first = await collect(bus, { topic, group });
      await first.until(10);
      await first.stop();
      await bus.publish(numbered(10));
      const second = await collect(await open(), { topic, group });
      await second.until(10);
      expect(first.values()).toEqual(Array.from({ length: 10 }, (_, n) => String(n)));
      expect(second.values()).toEqual(Array.from({ length: 10 }, (_, n) => String(10 + n)));
    });

    it("gives a new group all messages of the topic", async () => {
      const bus = await open();
      const topic = unique("earliest");
      await bus.publish([message({ topic, key: "k", value: "old" })]);
      await (await collect(bus, { topic })).until(1);
      const late = await collect(bus, { topic });
      await late.until(1);
      expect(late.values()).toEqual(["old"]);
    });

    it("reports each read, also without messages", async () => {
      const bus = await open();
      const topic = unique("idle");
      await bus.publish([message({ topic })]);
      let isDelivered = false;
      let reads = 0;
      let readAgain = () => {};
      const hasReadAgain = new Promise<void>((resolve) => {
        readAgain = resolve;
      });
      const reader = await collect(bus, {
        topic,
        async onBatch() {
          isDelivered = true;
        },
        onResumed() {
          if (isDelivered) reads += 1;
          if (reads >= 3) readAgain();
        },
      });
      await hasReadAgain;
      expect(reader.values()).toEqual(["{}"]);
    });

    it("delivers a batch again, in order, when onBatch fails", async () => {
      const bus = await open();
      const topic = unique("again");
      const batch = Array.from({ length: 5 }, (_, n) => message({ topic, key: "k", value: String(n) }));
      await bus.publish(batch);
      let failures = 2;
      const offered: string[] = [];
      const reader = await collect(bus, {
        topic,
        async onBatch(delivered) {
          offered.push(...delivered.map((one) => one.value.toString()));
          if (failures-- > 0) throw new Error("not now");
        },
      });
      await reader.until(5);
      expect(reader.values()).toEqual(["0", "1", "2", "3", "4"]);
      expect(offered.slice(0, 10)).toEqual(["0", "1", "2", "3", "4", "0", "1", "2", "3", "4"]);
    });

    it("delivers messages to the next consumer of the group if onBatch failed for them", async () => {
      const bus = await open();
      const [topic, group] = [unique("left"), unique("group")];
      await bus.publish([message({ topic, key: "k", value: "unhandled" })]);
      let offered = () => {};
      const wasOffered = new Promise<void>((resolve) => {
        offered = resolve;
      });
      const failing = await collect(bus, {
        topic,
        group,
        async onBatch() {
          offered();
          throw new Error("never");
        },
      });
      await wasOffered;
      await failing.stop();
      const next = await collect(bus, { topic, group });
      await next.until(1);
      expect(next.values()).toEqual(["unhandled"]);
    });

    it("waits on stop for the batch in flight, and commits it", async () => {
      const bus = await open();
      const [topic, group] = [unique("stop"), unique("group")];
      await bus.publish([message({ topic, key: "k", value: "first" })]);
      let begun = () => {};
      let finish = () => {};
      const hasBegun = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const mayFinish = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const reader = await collect(bus, {
        topic,
        group,
        async onBatch() {
          begun();
          await mayFinish;
        },
      });
      await hasBegun;
      const stopped = reader.stop();
      finish();
      await stopped;
      expect(reader.values()).toEqual(["first"]);
      await bus.publish([message({ topic, key: "k", value: "second" })]);
      const next = await collect(bus, { topic, group });
      await next.until(1);
      expect(next.values()).toEqual(["second"]);
    });

    it("reports that a reachable broker and topic are healthy", async () => {
      const bus = await open();
      expect(await bus.check()).toMatchObject({ ok: true, detail: expect.stringContaining("127.0.0.1") });
      expect(await bus.probe("a")).toMatchObject({ ok: true });
    });

    it("describes topics, and how far a group has read, and creates nothing", async () => {
      const bus = await open();
      const [topic, missing, group] = [unique("seen"), unique("missing"), unique("group")];
      await bus.publish([message({ topic, key: "k", value: "read" })]);
      const reader = await collect(bus, { topic, group });
      await reader.until(1);
      await reader.stop();
      await bus.publish([message({ topic, key: "k", value: "unread" })]);
      const inspect = () => bus.inspect({ topics: [topic, missing], group: { group, topic } });
      const { brokers, topics, group: found } = await inspect();
      expect(brokers).toEqual([expect.stringContaining("127.0.0.1:")]);
      expect(topics).toEqual([
        { topic, partitions: expect.any(Number), replicas: 1 },
        { topic: missing, partitions: 0, replicas: 0 },
      ]);
      expect(topics[0]?.partitions).toBeGreaterThan(0);
      // Redis before version 7 does not report the lag.
      expect([1, null]).toContain(found.lag);
      expect(found).toMatchObject({ group, topic, members: 0 });
      expect((await inspect()).topics[1]).toMatchObject({ partitions: 0 });
      const none = await bus.inspect({ topics: [], group: { group: unique("none"), topic: missing } });
      expect(none.group.members).toBe(0);
    });

    it("returns broker_connection within the timeout if there is no broker", async () => {
      const timeoutMs = 2000;
      const bus = broker.openDead(timeoutMs);
      opened.push(bus);
      await bus.start();
      const startedAt = performance.now();
      const results = await bus.publish([message({ topic: "a" }), message({ topic: "b" }), message({ topic: "a b" })]);
      expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 2000);
      const lost = { ok: false, errorClass: "broker_connection", retriable: true };
      expect(results).toMatchObject([lost, lost, { ok: false, errorClass: "bad_payload", retriable: false }]);
      expect(await bus.check()).toMatchObject({ ok: false, detail: expect.stringMatching(/\S/) });
      expect(await bus.probe("a")).toMatchObject({ ok: false });
      // A consumer can be started and stopped without a broker.
      await (await collect(bus, { topic: "a" })).stop();
    });

    it("resumes publishing and consuming when the broker comes back", { timeout: 120_000 }, async ({ skip }) => {
      if (!broker.fragile) return skip("no second broker can be started");
      const fragile = await broker.fragile();
      const bus = fragile.open();
      try {
        await bus.start();
        const topic = unique("outage");
        const reader = await collect(bus, { topic });
        await publishUntilAccepted(bus, message({ topic, key: "k", value: "before" }));
        await reader.until(1);
        await fragile.kill();
        const [during] = await bus.publish([message({ topic, key: "k", value: "during" })]);
        expect(during).toMatchObject({ ok: false, errorClass: "broker_connection", retriable: true });
        await fragile.bringBack();
        await publishUntilAccepted(bus, message({ topic, key: "k", value: "after" }));
        while (!reader.values().includes("after")) await reader.until(reader.seen.length + 1);
        expect(await bus.check()).toMatchObject({ ok: true });
      } finally {
        await bus.stop();
        await fragile.close();
      }
    });
  });
}
