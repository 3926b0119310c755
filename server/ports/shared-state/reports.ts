/** The watchdog's last look, and what the self-test found last. */
export type ReportName = "watch" | "selfTest";

/** Reports of which only the last one counts, as JSON. */
export interface Reports {
  /** Null before the first one, after its end, and after a loss of Redis. */
  read(name: ReportName): Promise<string | null>;
  /** With `ttlMs`, the report is forgotten after it. */
  write(name: ReportName, json: string, ttlMs?: number): Promise<void>;
  remove(name: ReportName): Promise<void>;
}
