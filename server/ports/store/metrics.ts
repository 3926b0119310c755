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
  analyticsPerformance(input: {
    fromMs: number;
    toMs: number;
    bucketSeconds: number;
    topic?: string;
    source?: string;
    scheduleId?: string;
    nowMs: number;
  }): Promise<Performance>;
}
