/** What is noted about a Redis that is new or was lost. */
export interface LossNotes {
  /** When the loss was noticed first, epoch ms: `nowMs` for whoever is the first. */
  noticedSince(nowMs: number): Promise<number>;
  /** Notes in a new Redis that its ClickHouse was filled before it: a Redis that holds this note was not lost. */
  markSeeded(): Promise<void>;
  /** Whether that was noted; the note is used up. */
  takeSeeded(): Promise<boolean>;
}
