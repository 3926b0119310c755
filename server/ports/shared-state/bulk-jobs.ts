/** Bulk jobs as JSON, with the ids that each is about and what takes its changes back. Kept for 7 days. */
export interface BulkJobs {
  save(jobId: string, job: string): Promise<void>;
  load(jobId: string): Promise<string | null>;
  isKnown(jobId: string): Promise<boolean>;
  /** Hands a stored job to the workers unless it is over, and lists it among the recent ones. */
  list(job: { jobId: string; createdAt: number; isOver: boolean }): Promise<void>;
  /** The newest jobs, newest first. */
  recent(): Promise<string[]>;
  /** The oldest job that is not over. */
  oldestActive(): Promise<string | null>;
  leaveActive(jobId: string): Promise<void>;

  addIds(jobId: string, ids: readonly string[]): Promise<void>;
  /** What an earlier try left behind when it broke off. */
  clearIds(jobId: string): Promise<void>;
  ids(jobId: string, from: number, count: number): Promise<string[]>;

  addUndo(jobId: string, entries: readonly string[]): Promise<void>;
  clearUndo(jobId: string): Promise<void>;
  undo(jobId: string): Promise<string[]>;

  /** Asks whoever works on the job to stop. */
  askToAbort(jobId: string): Promise<void>;
  isAborted(jobId: string): Promise<boolean>;

  /** True for the first who asks about this id of the job. */
  firstRun(jobId: string, id: string): Promise<boolean>;
  forgetRun(jobId: string, id: string): Promise<void>;
}
