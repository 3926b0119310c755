import { setImmediate as nextTurn } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { recurring } from "~/server/adapters/redis/testing/hot-tier-fixture";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import type { ClaimResult } from "~/server/ports/hot/claims";
import type { Deps } from "~/server/services/ctx";
import type { Breakers } from "~/server/services/firing/breakers";
import { createExecuteLoop } from "./execute";

const LIMIT = 2;
const NOW = Date.parse("2026-11-24T09:00:00Z");

/** The result of a claim with a batch, and an occurrence to set aside. More is due. */
function claimed(n: number): ClaimResult {
  const lease = { token: `${n}`, shard: 0 };
  return {
    claims: [{ kind: "plan", key: `plan ${n}`, ...lease, schedule: recurring(), plan: [], lastNominalMs: NOW - 1000 }],
    unreadable: [{ key: `unreadable ${n}`, ...lease, reason: "damaged" }],
    published: { count: 0, topics: [], effective: [] } as unknown as ClaimResult["published"],
    pause: null,
    nowMs: NOW,
    nextDueMs: NOW,
  };
}

test("never has more batches in flight than MAX_CONCURRENT_EXECUTIONS, even if other work ends meanwhile", async () => {
  const endBatch: (() => void)[] = [];
  const inFlight: number[] = [];
  const hot: Partial<Deps["hot"]> = {
    async claim() {
      inFlight.push(loop.inFlight());
      return claimed(inFlight.length);
    },
    // A batch is in flight until the test ends it.
    replan: () => new Promise((resolve) => endBatch.push(() => resolve(undefined as never))),
    // Ends while the loop waits.
    async setAside() {
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      return true;
    },
  };
  const deps: Partial<Deps> = {
    hot: hot as Deps["hot"],
    log: pino({ level: "silent" }),
    settings: { current: () => ({ ...DEFAULT_SETTINGS, maxConcurrentExecutions: LIMIT }) } as Deps["settings"],
  };
  const breakers: Partial<Breakers> = { openTopics: () => [] };
  const loop = createExecuteLoop({ deps: deps as Deps, breakers: breakers as Breakers, workerId: "w", shard: 0 });
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
  };
  loop.start();
  await settle();
  expect(inFlight).toEqual([0, 1]);
  for (let ended = 1; ended <= 3; ended += 1) {
    endBatch.shift()?.();
    await settle();
    expect(inFlight).toEqual([0, 1, ...new Array<number>(ended).fill(1)]);
  }
  const stopped = loop.stop();
  for (let turn = 0; turn < 50; turn += 1) {
    endBatch.shift()?.();
    await nextTurn();
  }
  await stopped;
  expect(loop.inFlight()).toBe(0);
});
