/** Days; null: no limit. */
export interface TableRetention {
  historyDays: number | null;
  analyticsDays: number | null;
}

export interface RetentionStore {
  /** What the tables have: the ledger's days, and those of the roll-up that keeps longest. Null keeps for ever. */
  retention(): Promise<TableRetention>;
  /** Sets ledger and roll-up days where they differ from the table's; null leaves them as they are. */
  applyRetention(input: TableRetention): Promise<{ changed: string[] }>;
  /** Completed or deleted rows older than the retention, and expired parts; `dryRun` only counts. */
  cleanup(input: { beforeMs: number; dryRun: boolean }): Promise<{ schedules: number; executions: number }>;
}
