/** When pauses end by themselves. The schedule's row is what counts; here the next ones to end are found. */
export interface PauseEnds {
  note(scheduleId: string, untilMs: number): Promise<void>;
  /** Ids whose pause was noted to end by `nowMs`, the earliest first. */
  endedBy(nowMs: number, limit: number): Promise<string[]>;
  forget(scheduleId: string): Promise<void>;
}
