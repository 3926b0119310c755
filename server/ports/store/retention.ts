/** Days; null: no limit. */
export interface TableRetention {
  historyDays: number | null;
  analyticsDays: number | null;
}

export interface RetentionStore {
  /** The retention in force: of the ledger, and of the roll-up that keeps rows longest. */
  retention(): Promise<TableRetention>;
  /** Sets the days of ledger and roll-ups where they differ from the table's; null changes nothing. */
  applyRetention(input: TableRetention): Promise<{ changed: string[] }>;
  /** Deletes completed or deleted rows older than the retention, and expired parts; `dryRun` only counts. */
  cleanup(input: { beforeMs: number; dryRun: boolean }): Promise<{ schedules: number; executions: number }>;
}
