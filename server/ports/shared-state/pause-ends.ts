/** When pauses end, as an index. The schedule's row decides. */
export interface PauseEnds {
  note(scheduleId: string, untilMs: number): Promise<void>;
  /** Ids whose pause ends by `nowMs`, the earliest first. */
  endedBy(nowMs: number, limit: number): Promise<string[]>;
  forget(scheduleId: string): Promise<void>;
}
