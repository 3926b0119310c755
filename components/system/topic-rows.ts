import type { RouterOutputs } from "~/components/trpc/client";
import { MAX_FACETS } from "~/server/domain/schedule-limits";

type Summary = RouterOutputs["analytics"]["summary"];
type Facets = RouterOutputs["schedules"]["facets"];
type Breaker = RouterOutputs["monitoring"]["engine"]["breakers"][number];
type Schemas = RouterOutputs["topicSchemas"]["list"]["items"];

/** A topic, with its executions of the last 24 h. A figure is undefined if its source is not loaded. */
export interface TopicRow {
  topic: string;
  published: number | undefined;
  /** Dead and expired. */
  failed: number | undefined;
  /** ms; null without published events. */
  latenessP95: number | null | undefined;
  /** Also undefined if the facets have no room for this topic. */
  schedules: number | undefined;
  /** Null if the breaker is closed, holds nothing and has no recent failures. */
  breaker: Breaker | null | undefined;
  hasSchema: boolean | undefined;
}

/**
 * The topics with executions of the last 24 h, a breaker or a payload schema, and those that `facets` lists with
 * schedules (only the topics with the most schedules, if there are many). Topics with an open or half-open
 * breaker come first, then topics with the most failures, then topics with the most published events.
 */
export function topicRows(sources: {
  summary: Pick<Summary, "byTopic"> | undefined;
  facets: Pick<Facets, "topics"> | undefined;
  breakers: readonly Breaker[] | undefined;
  schemas: readonly Pick<Schemas[number], "topic">[] | undefined;
}): TopicRow[] {
  const figuresByTopic = sources.summary && new Map(sources.summary.byTopic.map((one) => [one.topic, one]));
  const scheduleCounts = sources.facets && new Map(sources.facets.topics.map(({ value, count }) => [value, count]));
  // If the facets are full, a topic that they do not list may have schedules.
  const unlistedCount = sources.facets && sources.facets.topics.length < MAX_FACETS ? 0 : undefined;
  const breakers = sources.breakers?.filter(({ kind }) => kind === "topic");
  const breakersByTopic = breakers && new Map(breakers.map((one) => [one.target, one]));
  const schemas = sources.schemas && new Set(sources.schemas.map(({ topic }) => topic));
  const topics = new Set([
    ...(figuresByTopic?.keys() ?? []),
    ...(scheduleCounts?.keys() ?? []),
    ...(breakersByTopic?.keys() ?? []),
    ...(schemas ?? []),
  ]);
  const rows = [...topics].map((topic): TopicRow => {
    const figures = figuresByTopic?.get(topic);
    return {
      topic,
      published: figuresByTopic && (figures?.succeeded ?? 0),
      failed: figuresByTopic && (figures?.dead ?? 0) + (figures?.expired ?? 0),
      latenessP95: figuresByTopic && (figures?.latenessP95 ?? null),
      schedules: scheduleCounts?.get(topic) ?? unlistedCount,
      breaker: breakersByTopic && (breakersByTopic.get(topic) ?? null),
      hasSchema: schemas?.has(topic),
    };
  });
  return rows.toSorted(
    (a, b) =>
      Number(isBreakerNotClosed(b)) - Number(isBreakerNotClosed(a)) ||
      (b.failed ?? 0) - (a.failed ?? 0) ||
      (b.published ?? 0) - (a.published ?? 0) ||
      a.topic.localeCompare(b.topic),
  );
}

const isBreakerNotClosed = ({ breaker }: TopicRow) => breaker != null && breaker.state !== "closed";
