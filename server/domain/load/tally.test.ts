import { describe, expect, it } from "vitest";
import { LoadTally } from "./tally";

const MINUTE_MS = 60_000;
const FROM_MS = Date.parse("2026-06-01T10:00Z");
const at = (minute: number) => FROM_MS + minute * MINUTE_MS;
const group = (cronExpression: string, topics: Record<string, number>, tags: Record<string, number> = {}) => ({
  spec: { cronExpression, timezone: "UTC", dstGap: "first_valid", dstOverlap: "first" } as const,
  jitterSeconds: 0,
  schedules: Object.values(topics).reduce((sum, one) => sum + one, 0),
  topics: Object.entries(topics).map(([topic, schedules]) => ({ topic, schedules })),
  tags: Object.entries(tags).map(([tag, schedules]) => ({ tag, schedules })),
});

/** Ten minutes in two buckets. The first bucket begins three minutes before the range. */
function newTally() {
  return new LoadTally({ fromMs: FROM_MS, toMs: at(10) }, [at(-3), at(5)]);
}

describe("LoadTally", () => {
  it("adds each group as many times as it has schedules, by topic and bucket", () => {
    const tally = newTally();
    tally.add(group("*/5 10 * * *", { a: 3, b: 1 }));
    tally.add(group("7 10 * * *", { b: 2 }));
    const { all, topics, others } = tally.buckets(5);
    expect([...all]).toEqual([4, 6]);
    expect(topics.map(({ topic, sums }) => [topic, ...sums])).toEqual([
      ["a", 3, 3],
      ["b", 1, 3],
    ]);
    expect([...others]).toEqual([0, 0]);
  });

  it("sums up the topics beyond the limit", () => {
    const tally = newTally();
    tally.add(group("0 10 * * *", { a: 5, b: 2, c: 1 }));
    const { topics, others } = tally.buckets(1);
    expect(topics.map(({ topic }) => topic)).toEqual(["a"]);
    expect([...others]).toEqual([3, 0]);
  });

  it("counts firings without a topic as others, and a topic's firings before the range in its first bucket", () => {
    const tally = newTally();
    tally.addFirings(at(6), 4);
    tally.addTopicShare("a", at(-3), 1);
    tally.addTopicShare("a", at(6), 1);
    const { all, topics, others } = tally.buckets(5);
    expect([...all]).toEqual([0, 4]);
    expect([...(topics[0]?.sums ?? [])]).toEqual([1, 1]);
    expect([...others]).toEqual([0, 3]);
  });

  it("counts a firing in each tag of its schedule, and lists the tags with the most firings", () => {
    const tally = newTally();
    tally.add(group("*/5 10 * * *", { a: 3 }, { nightly: 3, billing: 1 }));
    tally.addTagShare("billing", at(6), 4);
    tally.addTagShare("", at(6), 1);
    expect(tally.tags(5).map(({ tag, sums }) => [tag, ...sums])).toEqual([
      ["billing", 1, 5],
      ["nightly", 3, 3],
      ["", 0, 1],
    ]);
    expect(tally.tags(1).map(({ tag }) => tag)).toEqual(["billing"]);
  });

  it("ignores times outside of the range", () => {
    const tally = newTally();
    tally.addFirings(at(-1), 1);
    tally.addFirings(at(10), 1);
    tally.addTopicShare("a", at(10), 1);
    expect([...tally.buckets(5).all]).toEqual([0, 0]);
    expect(tally.buckets(5).topics).toEqual([]);
  });

  it("lists the minutes with the most firings, and of equal minutes the earlier first", () => {
    const tally = newTally();
    tally.add(group("* 10 * * *", { a: 1 }));
    tally.add(group("2,8 10 * * *", { a: 1 }));
    tally.add(group("5 10 * * *", { a: 4 }));
    expect(tally.crowded(3)).toEqual([
      { atMs: at(5), firings: 5 },
      { atMs: at(2), firings: 2 },
      { atMs: at(8), firings: 2 },
    ]);
    expect(new LoadTally({ fromMs: FROM_MS, toMs: at(10) }, [FROM_MS]).crowded(3)).toEqual([]);
  });
});
