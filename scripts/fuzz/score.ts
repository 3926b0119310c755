/** Counts of one API. */
export interface BorderCount {
  sent: number;
  accepted: number;
  refused: number;
  /** How many times an input was sent again because a store was down or slow. */
  again: number;
}

/** A store is down or slow, so the input may be sent again. */
export class StoreUnavailable extends Error {}

export const STORE_UNAVAILABLE =
  /^(redis_unavailable|clickhouse_unavailable|query_timeout|request_timeout|may_have_been_kept)$/;

const MAX_SHOWN = 20;
const MAX_SHOWN_LENGTH = 700;

/** The results of a run. */
export class Score {
  readonly borders = new Map<string, BorderCount>();
  /** Ids of the acknowledged schedules that the run looks up at its end, each with its API. */
  readonly accepted = new Map<string, string>();
  /** Ids of schedules that an input may have changed or deleted, so that their due occurrences are unknown. */
  readonly changed = new Set<string>();
  readonly deleted = new Set<string>();
  /** Ids of recurring schedules that inputs edit, run and delete. */
  readonly liveRecurring: string[] = [];
  readonly breaches: string[] = [];
  /** Number of inputs for which a store was down or too slow at every try. */
  unanswered = 0;
  private hiddenBreaches = 0;

  countsOf(border: string): BorderCount {
    const known = this.borders.get(border) ?? { sent: 0, accepted: 0, refused: 0, again: 0 };
    this.borders.set(border, known);
    return known;
  }

  addBreach(what: string): void {
    if (this.breaches.length < MAX_SHOWN) this.breaches.push(what.slice(0, MAX_SHOWN_LENGTH));
    else this.hiddenBreaches += 1;
  }

  get breachCount(): number {
    return this.breaches.length + this.hiddenBreaches;
  }

  addCreated(border: string, schedule: { scheduleId: string; recurring: boolean }): void {
    this.accepted.set(schedule.scheduleId, border);
    if (schedule.recurring) this.liveRecurring.push(schedule.scheduleId);
  }

  addDeleted(id: string): void {
    this.changed.add(id);
    this.deleted.add(id);
    const at = this.liveRecurring.indexOf(id);
    if (at >= 0) this.liveRecurring.splice(at, 1);
  }
}
