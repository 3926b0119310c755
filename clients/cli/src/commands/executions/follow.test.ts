import type { ExecutionRow } from "@stufio/schedules-client";
import { describe, expect, it } from "vitest";
import { type FollowSource, followExecutions } from "./follow.js";

/** An execution with its scheduled time and its end, as minutes of one hour. `ended` is null if it has not ended. */
function row(id: string, scheduled: number, ended: number | null): ExecutionRow {
  const at = (minute: number) => `2027-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
  return {
    execution_id: id,
    scheduled_for: at(scheduled),
    ended_at: ended === null ? null : at(ended),
  } as ExecutionRow;
}

/** A server whose executions change with each reading. Pages have two rows. */
function server(readings: ExecutionRow[][]) {
  let at = 0;
  let skipped = 0;
  const now = () => readings[Math.min(at, readings.length - 1)] as ExecutionRow[];
  const source: FollowSource = {
    async page(cursor) {
      const ended = now().filter(({ ended_at }) => ended_at !== null);
      const newest = ended.toSorted((a, b) => (a.scheduled_for < b.scheduled_for ? 1 : -1));
      const from = Number(cursor ?? 0);
      return { items: newest.slice(from, from + 2), next_cursor: from + 2 < newest.length ? String(from + 2) : null };
    },
    inFlight: async () => now().flatMap(({ ended_at, execution_id }) => (ended_at === null ? [execution_id] : [])),
    get: async (id) => now().find(({ execution_id }) => execution_id === id) ?? null,
    async pause() {
      at += 1;
      if (at >= readings.length) throw new Error("end");
    },
    skipped() {
      skipped += 1;
    },
  };
  return { source, skipped: () => skipped };
}

async function followed(readings: ExecutionRow[][], last = 2): Promise<string[]> {
  const found: string[] = [];
  const { source } = server(readings);
  try {
    for await (const { execution_id } of followExecutions(source, last)) found.push(execution_id);
  } catch (error) {
    expect((error as Error).message).toBe("end");
  }
  return found;
}

describe("following executions", () => {
  const [a, b, c] = [row("a", 1, 1), row("b", 2, 2), row("c", 3, 3)];

  it("begins with the newest executions, in order from the oldest", async () => {
    expect(await followed([[a, b, c]])).toEqual(["b", "c"]);
    expect(await followed([[a, b, c]], 0)).toEqual([]);
  });

  it("reports each new execution once, in the order in which they ended", async () => {
    const readings = [[a], [a, b], [a, b], [a, b, row("e", 5, 7), row("d", 6, 6)]];
    expect(await followed(readings)).toEqual(["a", "b", "d", "e"]);
  });

  it("reads further pages while they have new executions", async () => {
    const many = [4, 5, 6, 7, 8].map((minute) => row(`n${minute}`, minute, minute));
    expect(
      await followed(
        [
          [a, b, c],
          [a, b, c, ...many],
        ],
        0,
      ),
    ).toEqual(["n4", "n5", "n6", "n7", "n8"]);
  });

  it("reports an execution that ends long after its scheduled time, and is not on the first page", async () => {
    const retrying = row("slow", 0, null);
    const readings = [
      [a, b, c, retrying],
      [a, b, c, retrying],
      [a, b, c, row("slow", 0, 9)],
    ];
    expect(await followed(readings, 0)).toEqual(["slow"]);
  });

  it("does not report older executions that it has not seen", async () => {
    const readings = [
      [a, b, c],
      [a, b, c, row("d", 4, 4)],
    ];
    expect(await followed(readings, 0)).toEqual(["d"]);
  });

  it("says that it leaves out executions if too many have ended", async () => {
    const many = Array.from({ length: 50 }, (_, i) => row(`n${i}`, 5 + i, 5 + i));
    const { source, skipped } = server([[a], [a, ...many]]);
    const all = followExecutions(source, 0);
    for (let i = 0; i < 40; i += 1) expect((await all.next()).done).toBe(false);
    expect(skipped()).toBe(1);
  });
});
