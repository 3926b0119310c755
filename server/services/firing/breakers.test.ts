import { afterAll, beforeAll, expect, test } from "vitest";
import { FAILURES_TO_OPEN, OPEN_MS } from "~/server/domain/breaker";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { listAudit } from "../audit-trail";
import { createBreakers } from "./breakers";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(async () => stack?.stop());

const FAILED = { ok: 0, failed: 1, error: "no broker" };

test("the audit trail has one entry for each opening and closing of a breaker, even if two processes count failures", async () => {
  let nowMs = Date.now();
  const deps = { ...stack.deps, clock: { now: () => nowMs } };
  const [one, other] = [createBreakers(deps), createBreakers(deps)];
  const name = "topic:orders" as const;
  for (let n = 0; n < FAILURES_TO_OPEN; n += 1)
    await Promise.all([one.recordCalls(name, FAILED), other.recordCalls(name, FAILED)]);
  await Promise.all([one.refresh(), other.refresh()]);
  nowMs += OPEN_MS;
  expect(await one.beginTrial(name, "w1")).toBe(true);
  // A failed trial returns the breaker from half-open to open. That is not an opening.
  await one.endTrial(name, "w1", FAILED);
  nowMs += 10 * OPEN_MS;
  await other.refresh();
  expect(await other.beginTrial(name, "w2")).toBe(true);
  await other.endTrial(name, "w2", { ok: 1, failed: 0, error: null });
  await recordAll(stack.deps, 0);
  const { items } = await listAudit({
    ctx: stack.ctx,
    input: { from: nowMs - 3_600_000, to: nowMs + 1, target: name, limit: 50 },
  });
  expect(items.map(({ verb, actor, after }) => ({ verb, actor, after }))).toEqual([
    { verb: "breaker.close", actor: "system", after: { openedAt: expect.any(String) } },
    { verb: "breaker.open", actor: "system", after: { failures: expect.any(Number), error: "no broker" } },
  ]);
});
