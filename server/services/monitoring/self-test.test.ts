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

test("a missing topic that may not be created disables the self-test instead of degrading health", async () => {
  const { deps } = stack.ctx;
  const ensureTopic = () => Promise.reject(new Error("TOPIC_AUTHORIZATION_FAILED"));
  const bus = Object.assign(Object.create(deps.bus), { ensureTopic });
  const selfTest = createSelfTest({ ...deps, bus });
  for (let n = 0; n < 3; n += 1) await selfTest.step();
  expect(await readSelfTest(deps)).toBeNull();
  expect((await deps.hot.stats()).outboxDepth).toBe(0);
});

test("the self-test sends an event if its topic exists", async () => {
  const { deps } = stack.ctx;
  await createSelfTest(deps).step();
  // Null means no fault.
  expect(await readSelfTest(deps)).toMatchObject({ accepts: null, fires: null, records: null });
  expect((await deps.hot.stats()).outboxDepth).toBeGreaterThan(0);
});
