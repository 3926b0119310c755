/** How many days rows are kept. In a result, null means no limit. */
export interface TableRetention {
  historyDays: number | null;
  analyticsDays: number | null;
}

export interface RetentionStore {
  /** The retention in force: of the ledger, and of the roll-up that keeps rows longest. */
  retention(): Promise<TableRetention>;
  /** Sets the days of ledger and roll-ups where they differ from the table's; null changes nothing. */
  applyRetention(input: TableRetention): Promise<{ changed: string[] }>;
  /**
   * Deletes completed or deleted schedules that neither changed nor fired since `beforeMs`, and executions that ended
   * before it. `dryRun` only counts them.
   */
  cleanup(input: { beforeMs: number; dryRun: boolean }): Promise<{ schedules: number; executions: number }>;
}
