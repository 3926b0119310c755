import { expect, it } from "vitest";
import { topicRows } from "./topic-rows";

type Input = Parameters<typeof topicRows>[0];

const figuresOf = (topic: string, succeeded: number, dead = 0, expired = 0) => {
  return { topic, total: succeeded + dead + expired, succeeded, dead, expired, successRate: 1, latenessP95: 12 };
};
const breaker = (target: string, state: "open" | "closed", kind: "topic" | "store" = "topic") => ({
  name: `${kind}:${target}`,
  kind,
  target,
  state,
  failures: 5,
  error: "no leader",
  openedAt: null,
  nextTrialAt: null,
  held: 3,
  oldestHeldAt: null,
});
const all: Input = {
  summary: { byTopic: [figuresOf("busy", 90), figuresOf("failing", 5, 2, 1), figuresOf("gone", 1)] },
  facets: { topics: [{ value: "busy", count: 4 }] },
  breakers: [breaker("down", "open"), breaker("clickhouse", "open", "store")],
  schemas: [{ topic: "planned" }],
};
const nothing = { published: 0, failed: 0, latenessP95: null, schedules: 0, breaker: null, hasSchema: false };

it("lists every topic once: those with an open or half-open breaker first, then by failures, then by events", () => {
  expect(topicRows(all)).toEqual([
    { ...nothing, topic: "down", breaker: breaker("down", "open") },
    { ...nothing, topic: "failing", published: 5, failed: 3, latenessP95: 12 },
    { ...nothing, topic: "busy", published: 90, latenessP95: 12, schedules: 4 },
    { ...nothing, topic: "gone", published: 1, latenessP95: 12 },
    { ...nothing, topic: "planned", hasSchema: true },
  ]);
});

it("leaves figures of a missing source undefined", () => {
  const unknown = { published: undefined, failed: undefined, latenessP95: undefined };
  expect(topicRows({ ...all, summary: undefined, schemas: undefined })).toEqual([
    { ...nothing, ...unknown, topic: "down", breaker: breaker("down", "open"), hasSchema: undefined },
    { ...nothing, ...unknown, topic: "busy", schedules: 4, hasSchema: undefined },
  ]);
});

it("leaves the number of schedules undefined for a topic that full facets do not list", () => {
  const full = { topics: Array.from({ length: 200 }, (_, index) => ({ value: `t${index}`, count: 7 })) };
  const rows = topicRows({ ...all, facets: full });
  expect(rows.find(({ topic }) => topic === "t199")?.schedules).toBe(7);
  expect(rows.find(({ topic }) => topic === "gone")?.schedules).toBeUndefined();
});
