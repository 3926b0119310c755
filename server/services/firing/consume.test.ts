import { afterAll, beforeAll, expect, test } from "vitest";
import type { Delivered } from "~/server/ports/bus";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { consumeDelayed } from "./consume";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

/** The same for all messages. A later timestamp would mean that the topic was created again with new offsets. */
const SENT_MS = Date.now();

const message = (over: Pick<Delivered, "topic" | "offset" | "inOrder">): Delivered => ({
  partition: "0",
  timestampMs: SENT_MS,
  key: null,
  value: Buffer.from('{"action":"a"}'),
  headers: { original_topic: "consumed", delivery_time: String(Date.now() + 60_000) },
  ...over,
});

test.each([
  ["counts as repeated if the bus delivers in order", true, { stored: 0, repeated: 1 }],
  ["is stored if the bus does not deliver in order", false, { stored: 1, repeated: 0 }],
])("a message with a lower offset than an earlier message %s", async (_, inOrder, expected) => {
  const topic = `delayed-${inOrder}`;
  const first = [message({ topic, offset: "7", inOrder })];
  expect(await consumeDelayed(stack.deps, first)).toMatchObject({ stored: 1, repeated: 0 });
  expect(await consumeDelayed(stack.deps, first)).toMatchObject({ stored: 0, repeated: 1 });
  expect(await consumeDelayed(stack.deps, [message({ topic, offset: "6", inOrder })])).toMatchObject(expected);
});
