/** What is counted of one border. */
export interface BorderCount {
  sent: number;
  accepted: number;
  refused: number;
  /** Answered that a store is away or slow, and sent again. */
  again: number;
}

/** How a store says that it is away or slow: the same input is sent again, and must be answered in the end. */
export class NotNow extends Error {}

export const NOT_NOW = /^(redis_unavailable|clickhouse_unavailable|query_timeout|request_timeout|may_have_been_kept)$/;

const SHOWN = 20;
const SHOWN_LENGTH = 700;

/** What a run has seen, and each breach in words. */
export class Score {
  readonly borders = new Map<string, BorderCount>();
  /** Schedules that were acknowledged, and by which border. */
  readonly accepted = new Map<string, string>();
  /** Changed or deleted since: what is due of them is not known any more. */
  readonly touched = new Set<string>();
  readonly deleted = new Set<string>();
  /** Recurring ones that live: those that are edited, run and deleted. */
  readonly living: string[] = [];
  readonly breaches: string[] = [];
  /** Inputs that no store was quick enough for, however often they were sent. */
  unanswered = 0;
  private more = 0;

  count(border: string): BorderCount {
    const known = this.borders.get(border) ?? { sent: 0, accepted: 0, refused: 0, again: 0 };
    this.borders.set(border, known);
    return known;
  }

  breach(what: string): void {
    if (this.breaches.length < SHOWN) this.breaches.push(what.slice(0, SHOWN_LENGTH));
    else this.more += 1;
  }

  get breachCount(): number {
    return this.breaches.length + this.more;
  }

  created(border: string, schedule: { scheduleId: string; recurring: boolean }): void {
    this.accepted.set(schedule.scheduleId, border);
    if (schedule.recurring) this.living.push(schedule.scheduleId);
  }

  gone(id: string): void {
    this.touched.add(id);
    this.deleted.add(id);
    const at = this.living.indexOf(id);
    if (at >= 0) this.living.splice(at, 1);
  }
}
