/** Notes about a Redis that is new or was lost. */
export interface LossNotes {
  /** When the loss was noticed first, epoch ms; `nowMs` for the first caller. */
  noticedSince(nowMs: number): Promise<number>;
  /** Notes in a new Redis that ClickHouse was filled before it: a Redis with this note was not lost. */
  markSeeded(): Promise<void>;
  /** Whether that was noted; removes the note. */
  takeSeeded(): Promise<boolean>;
}
