/** An index of the times at which pauses of schedules end. It may be stale: check the schedule's `pausedUntil`. */
export interface PauseEnds {
  set(scheduleId: string, untilMs: number): Promise<void>;
  /** Ids whose pause ends by `nowMs`, the earliest first. */
  endingBy(nowMs: number, limit: number): Promise<string[]>;
  /** When the first pause ends, epoch ms; null if no pause has an end. */
  firstEnd(): Promise<number | null>;
  forget(scheduleId: string): Promise<void>;
}
