/** Days for which rows are kept. In a result, null means no limit. */
export interface TableRetention {
  historyDays: number | null;
  analyticsDays: number | null;
}

export interface RetentionStore {
  /** The retention in force: of the ledger, and of the roll-up that keeps rows longest. */
  retention(): Promise<TableRetention>;
  /** Changes the retention of ledger and roll-ups if it differs; null changes nothing. Returns the changed tables. */
  applyRetention(input: TableRetention): Promise<{ changed: string[] }>;
  /**
   * Deletes completed or deleted schedules that neither changed nor fired since `beforeMs`, and executions that ended
   * before `beforeMs`. Returns their numbers; `dryRun` only counts.
   */
  cleanup(input: { beforeMs: number; dryRun: boolean }): Promise<{ schedules: number; executions: number }>;
}
