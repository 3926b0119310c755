import type { AnalyticsSummary, AnalyticsTotals, Performance } from "~/server/domain/views";

/** Figures of the roll-ups. */
export interface MetricsStore {
  analyticsSummary(input: {
    fromMs: number;
    toMs: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<AnalyticsSummary>;
  /** The totals of the summary alone, which read far fewer rows. */
  analyticsTotals(input: {
    fromMs: number;
    toMs: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<AnalyticsTotals>;
  /** The schedules with the most dead and expired executions, as in the summary. */
  topFailures(input: {
    fromMs: number;
    toMs: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<AnalyticsSummary["topFailures"]>;
  /** Buckets between these edges, epoch ms, ascending. Edges of whole hours or days (UTC) read fewer rows. */
  analyticsPerformance(input: {
    edgesMs: readonly number[];
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<Omit<Performance, "bucketSeconds">>;
  /** How many executions each hour (UTC) of a range has, by its start. */
  executionsByHour(input: {
    fromMs: number;
    toMs: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<{ atMs: number; count: number }[]>;
}
