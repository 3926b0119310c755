import type { AnalyticsSummary, Performance } from "~/server/domain/views";

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
