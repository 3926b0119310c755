import { createSchedules } from "~/server/services/schedules";
import { type Bench, PREFIX } from "./bench";

/** As in the first example of the README. */
const PAYLOAD = { user_id: 123, message: "Don't forget!" };
export const TOPIC = "user.notifications";
const CHUNK = 1000;
/** Calls under way at once, on either side. */
const ABREAST = 2;

/** The event that either side is handed: the same fields, the same payload. */
export const eventOf = (dueMs: number) => ({
  topic: TOPIC,
  entityType: "user",
  action: "send_reminder",
  payload: { ...PAYLOAD, due: dueMs },
});

/** Long enough before they are due for either side to have taken all of them in, ms. */
export const leadMs = (count: number) => 3000 + count / 15;

/** One-time schedules through the service layer, validation included; `dueMs` says when each is due. */
export async function createOnce(bench: Bench, count: number, dueMs: (index: number) => number): Promise<void> {
  await inChunks(count, async (from, to) => {
    const items = Array.from({ length: to - from }, (_, i) => {
      const due = dueMs(from + i);
      return Object.assign(eventOf(due), { executionTime: new Date(due).toISOString() });
    });
    const answer = await createSchedules({ ctx: bench.ctx, input: { items } });
    const refused = answer.items.find((item) => "error" in item);
    if (refused && "error" in refused) throw refused.error;
  });
}

/** Chunks of a thousand, two under way at once. */
export async function inChunks(count: number, run: (from: number, to: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const from = next;
      next += CHUNK;
      await run(from, Math.min(count, from + CHUNK));
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, lane));
}

/** How late each message of the topic's stream was when it came in, ms. */
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
