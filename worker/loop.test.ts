import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createLoop } from "./loop";

const log = pino({ level: "silent" });

/** Resolves after the nth tick. */
function ticks(n: number) {
  let count = 0;
  let resolve = () => {};
  const reached = new Promise<void>((r) => {
    resolve = r;
  });
  return {
    reached,
    onTick: () => {
      count += 1;
      if (count >= n) resolve();
    },
    count: () => count,
  };
}

describe("a loop", () => {
  test("ticks repeatedly, and never concurrently", async () => {
    const signal = ticks(20);
    let inside = 0;
    let overlaps = 0;
    const loop = createLoop({
      name: "watch",
      log,
      onTick: signal.onTick,
      async tick() {
        inside += 1;
        if (inside > 1) overlaps += 1;
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return 0;
      },
    });
    loop.start();
    loop.start();
    await signal.reached;
    await loop.stop();
    expect(overlaps).toBe(0);
  });

  test("waits for the current tick when it stops", async () => {
    let finish = () => {};
    let began = () => {};
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    let done = false;
    const loop = createLoop({
      name: "watch",
      log,
      async tick() {
        began();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        done = true;
        return 60_000;
      },
    });
    loop.start();
    await started;
    const stopped = loop.stop();
    expect(done).toBe(false);
    finish();
    await stopped;
    expect(done).toBe(true);
  });

  test("skips its pause if it is woken during a tick", async () => {
    const signal = ticks(3);
    const loop = createLoop({
      name: "watch",
      log,
      onTick: signal.onTick,
      async tick() {
        if (signal.count() < 2) loop.wake();
        return 3_600_000;
      },
    });
    loop.start();
    await signal.reached;
    await loop.stop();
    expect(signal.count()).toBe(3);
  });

  test("continues after a tick that throws, and clears the error after the next success", async () => {
    const signal = ticks(2);
    const loop = createLoop({
      name: "watch",
      log,
      onTick: signal.onTick,
      async tick() {
        if (signal.count() === 0) throw new Error("failed");
        return 60_000;
      },
    });
    loop.start();
    await signal.reached;
    await loop.stop();
    expect(loop.status()).toMatchObject({ ticks: 2, lastError: null, failuresInARow: 0, failingSince: null });
  });

  test("handles stop before start, a second stop, and start after stop", async () => {
    const signal = ticks(1);
    const loop = createLoop({ name: "watch", log, onTick: signal.onTick, tick: async () => 60_000 });
    await loop.stop();
    loop.start();
    await signal.reached;
    await Promise.all([loop.stop(), loop.stop()]);
    loop.start();
    await loop.stop();
    expect(signal.count()).toBe(2);
  });

  test("has no running tick after a thousand starts and stops", async () => {
    let running = 0;
    const loop = createLoop({
      name: "watch",
      log,
      async tick() {
        running += 1;
        await Promise.resolve();
        running -= 1;
        return 0;
      },
    });
    for (let i = 0; i < 1000; i += 1) {
      loop.start();
      if (i % 3 === 0) loop.wake();
      await loop.stop();
    }
    expect(running).toBe(0);
  });
});
