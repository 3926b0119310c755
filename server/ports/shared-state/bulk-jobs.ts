/** Bulk jobs as JSON, with the ids of their items and their undo entries. Kept for 7 days. */
export interface BulkJobs {
  save(jobId: string, job: string): Promise<void>;
  load(jobId: string): Promise<string | null>;
  isKnown(jobId: string): Promise<boolean>;
  /** Adds the job to the recent jobs and, unless it is over, to the jobs for the workers. */
  addToLists(job: { jobId: string; createdAt: number; isOver: boolean }): Promise<void>;
  recent(): Promise<string[]>;
  oldestActive(): Promise<string | null>;
  /** Removes the job from the list that the workers read. */
  removeFromActive(jobId: string): Promise<void>;

  addIds(jobId: string, ids: readonly string[]): Promise<void>;
  /** Removes the ids of an earlier attempt to store or restore the job. */
  clearIds(jobId: string): Promise<void>;
  ids(jobId: string, from: number, count: number): Promise<string[]>;

  addUndo(jobId: string, entries: readonly string[]): Promise<void>;
  clearUndo(jobId: string): Promise<void>;
  undoEntries(jobId: string): Promise<string[]>;

  /** Asks the worker that runs the job to stop. */
  askToAbort(jobId: string): Promise<void>;
  isAborted(jobId: string): Promise<boolean>;
}
