import { afterAll, beforeAll, expect, test } from "vitest";
import { create, oneTime } from "~/server/adapters/redis/testing/hot-tier-fixture";
import { getHealth } from "~/server/services/monitoring";
import { eventually, startTestStack, type TestStack } from "~/server/testing/stack";
import { startWorker, type Worker } from "./worker";

let stack: TestStack;
let worker: Worker;

beforeAll(async () => {
  stack = await startTestStack();
  worker = await startWorker({ deps: await stack.another(), port: 0, host: "127.0.0.1", clockSkewMs: () => 0 });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await stack?.stop();
});

const critical = async () =>
  (await getHealth({ ctx: stack.ctx })).reasons.filter((one) => one.severity === "critical").map((one) => one.message);
/** Generous, because the machine may run other tests at the same time. */
const TIMEOUT = { timeoutMs: 30_000 };

async function degradedBy(text: string): Promise<string> {
  const [message] = await eventually(
    async () => {
      const found = (await critical()).filter((one) => one.includes(text));
      return found.length > 0 ? found : null;
    },
    { ...TIMEOUT, what: `degraded by ${text}` },
  );
  return message as string;
}

const healthy = () =>
  eventually(async () => ((await critical()).length === 0 ? true : null), { ...TIMEOUT, what: "healthy again" });

test.each([
  { what: "the executor", key: "{0}:due:5", loop: "execute-0" },
  { what: "the recorder", key: "{0}:batch", loop: "record-0" },
  { what: "the rescue of leases", key: "{0}:lease", loop: "rescue-0" },
  { what: "the reader of the delayed topic", key: "bus:stufio.events.delayed", loop: "consume" },
])(
  "health names the loop and the error while $what fails, and recovers when the cause is gone",
  async ({ key, loop }) => {
    await healthy();
    const name = `${stack.prefix}${key}`;
    // A key of the wrong type makes only the loop fail that reads it.
    await stack.redis.multi().del(name).hset(name, "not", "ours").exec();
    const brokenAt = Date.now();
    // The recorder fails only if the outbox has an entry to read.
    if (loop === "record-0") await stack.deps.hot.put(create(oneTime(Date.now() + 3_600_000)));
    const message = await degradedBy(loop);
    expect(message).toMatch(/has failed since .* in a row|1 failure/);
    expect(message).toContain("WRONGTYPE");
    expect(Date.now() - brokenAt).toBeLessThan(25_000);
    await stack.redis.del(name);
    await healthy();
  },
  120_000,
);
