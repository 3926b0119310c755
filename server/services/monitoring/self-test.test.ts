import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createSelfTest } from "./self-test";
import { readSelfTest } from "./self-test-state";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
  stack.change({ selfTestIntervalSeconds: DEFAULT_SETTINGS.selfTestIntervalSeconds });
});
afterAll(() => stack.stop());

test("a topic that is missing and may not be created switches it off instead of degrading what fires", async () => {
  const { deps } = stack.ctx;
  const ensureTopic = () => Promise.reject(new Error("TOPIC_AUTHORIZATION_FAILED"));
  const bus = Object.assign(Object.create(deps.bus), { ensureTopic });
  const selfTest = createSelfTest({ ...deps, bus });
  for (let look = 0; look < 3; look += 1) await selfTest.step();
  expect(await readSelfTest(deps)).toBeNull();
  expect((await deps.hot.stats()).outboxDepth).toBe(0);
});

test("with its topic an event is on its way", async () => {
  const { deps } = stack.ctx;
  await createSelfTest(deps).step();
  expect(await readSelfTest(deps)).toMatchObject({ accepts: null, fires: null, records: null });
});
