import { createSchedules } from "~/server/services/schedules";
import { type Bench, PREFIX } from "./bench";
import { eventOf, TOPIC } from "./event";

/** Number of events in one call. */
const CHUNK = 1000;
/** Concurrent calls. */
const CONCURRENCY = 2;

/** Time from the first create to the due time, ms. Enough to create all events at 15 per ms. */
export const leadMs = (count: number) => 3000 + count / 15;

/** Creates one-time schedules through the service layer. */
export async function createOneTime(bench: Bench, count: number, dueMs: (index: number) => number): Promise<void> {
  await runInChunks(count, async (from, to) => {
    const items = Array.from({ length: to - from }, (_, i) => {
      const due = dueMs(from + i);
      return Object.assign(eventOf(due), { executionTime: new Date(due).toISOString() });
    });
    const answer = await createSchedules({ ctx: bench.ctx, input: { items } });
    const refused = answer.items.find((item) => "error" in item);
    if (refused && "error" in refused) throw refused.error;
  });
}

/** Splits 0 to `count` into chunks and calls `run` for each, `CONCURRENCY` calls at a time. */
export async function runInChunks(count: number, run: (from: number, to: number) => Promise<void>): Promise<void> {
  let next = 0;
  const runChunks = async () => {
    while (next < count) {
      const from = next;
      next += CHUNK;
      await run(from, Math.min(count, from + CHUNK));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, runChunks));
}

/** The lateness of each message in the topic's stream, ms. */
export async function latenesses(bench: Bench): Promise<number[]> {
  const found: number[] = [];
  for (let from = "-"; ; ) {
    const page = await bench.client.xrange(`${PREFIX}bus:${TOPIC}`, from, "+", "COUNT", 10_000);
    for (const [id, fields] of page) {
      const value = fields[fields.indexOf("value") + 1] ?? "";
      const due = /"due":(\d+)/.exec(value)?.[1];
      if (due !== undefined) found.push(Number.parseInt(id, 10) - Number(due));
    }
    const last = page.at(-1);
    if (last === undefined || page.length < 10_000) return found;
    from = `(${last[0]}`;
  }
}
