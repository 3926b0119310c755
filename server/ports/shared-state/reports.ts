/** The watchdog's last report, the self-test's last result, and the state of each stream of the audit trail. */
export type ReportName = "watch" | "selfTest" | "auditWebhook" | "auditSyslog";

/** Reports as JSON. Each report replaces the previous report with its name. */
export interface Reports {
  /** Null before the first report, after it expired, and after a loss of Redis. */
  read(name: ReportName): Promise<string | null>;
  /** With `ttlMs`, the report expires. */
  write(name: ReportName, json: string, ttlMs?: number): Promise<void>;
  remove(name: ReportName): Promise<void>;
}
