import type { AnalyticsSummary, AnalyticsTotals, Performance } from "~/server/domain/views";
import type { TopicScope } from "./schedules";

/** Figures of the roll-ups. */
export interface MetricsStore {
  analyticsSummary(
    input: TopicScope & {
      fromMs: number;
      toMs: number;
      topic?: string;
      source?: string;
      scheduleId?: string;
      nowMs: number;
    },
  ): Promise<AnalyticsSummary>;
  /** Only the totals of the summary, from far fewer rows. */
  analyticsTotals(
    input: TopicScope & {
      fromMs: number;
      toMs: number;
      topic?: string;
      source?: string;
      scheduleId?: string;
      nowMs: number;
    },
  ): Promise<AnalyticsTotals>;
  /** The schedules with the most dead and expired executions, as in the summary. */
  topFailures(
    input: TopicScope & {
      fromMs: number;
      toMs: number;
      topic?: string;
      source?: string;
      scheduleId?: string;
      nowMs: number;
    },
  ): Promise<AnalyticsSummary["topFailures"]>;
  /**
   * Buckets between these edges, epoch ms, ascending; `from` and `to` are the first and the last edge. Edges of whole
   * hours or days (UTC) read fewer rows.
   */
  analyticsPerformance(
    input: TopicScope & {
      edgesMs: readonly number[];
      topic?: string;
      source?: string;
      scheduleId?: string;
      nowMs: number;
    },
  ): Promise<Omit<Performance, "bucketSeconds">>;
  /** Counts the executions of each hour (UTC) of a range. `atMs` is the start of the hour. */
  executionsByHour(
    input: TopicScope & {
      fromMs: number;
      toMs: number;
      topic?: string;
      source?: string;
      scheduleId?: string;
      nowMs: number;
    },
  ): Promise<{ atMs: number; count: number }[]>;
}
