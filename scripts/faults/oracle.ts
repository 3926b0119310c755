/*
 * Computes the expected occurrences from the acknowledged requests, without code of the product. Recurring schedules
 * fire every n seconds.
 */

/** A schedule's state during a period, epoch ms. `doubt`: a change was in progress, or its answer was lost. */
export interface Segment {
  fromMs: number;
  state: "on" | "off" | "doubt" | "gone";
  /** The step of a recurring schedule; 0 for a one-time schedule. */
  everySeconds: number;
}

export interface Expected {
  id: string;
  /** The time of a one-time schedule. */
  atMs: number | null;
  segments: Segment[];
  /** Whether a wipe of Redis may have lost the create or a later change. */
  mayBeLost: boolean;
}

/** How far the clock of Redis may be behind the clock of this process. */
const CLOCK_SLACK_MS = 25;
/** A wipe may lose changes that were acknowledged within this time before it. */
const LOSS_MS = 1000;
/** A wipe takes at most this long. */
const WIPE_MS = 200;

export class Oracle {
  readonly schedules = new Map<string, Expected>();
  /** Acknowledged manual runs: execution id → time of the acknowledgement. */
  readonly manual = new Map<string, number>();
  /** Acknowledged delayed messages: correlation id → time of the acknowledgement. */
  readonly delayed = new Map<string, number>();
  /** Correlation ids of requests without an answer: they may have been carried out. */
  readonly unanswered = new Set<string>();
  private readonly wipes: number[] = [];

  created(input: { id: string; atMs: number | null; everySeconds: number; sentMs: number; ackMs: number }): void {
    const { id, atMs, everySeconds, sentMs, ackMs } = input;
    const segments: Segment[] = [
      { fromMs: sentMs, state: "doubt", everySeconds },
      { fromMs: ackMs, state: "on", everySeconds },
    ];
    this.schedules.set(id, { id, atMs, segments, mayBeLost: this.wasWipedBetween(sentMs, ackMs) });
  }

  /** Records that a change was sent. The schedule's state is unknown until `changed` is called. */
  changing(id: string, sentMs: number): void {
    const schedule = this.schedules.get(id);
    const last = schedule?.segments.at(-1);
    if (schedule && last) schedule.segments.push({ ...last, fromMs: sentMs, state: "doubt" });
  }

  /** Records the schedule's state from `ackMs` on. */
  changed(id: string, to: { state: "on" | "off" | "gone"; everySeconds: number }, ackMs: number): void {
    const schedule = this.schedules.get(id);
    if (!schedule) return;
    if (this.wasWipedBetween(schedule.segments.at(-1)?.fromMs ?? ackMs, ackMs)) schedule.mayBeLost = true;
    schedule.segments.push({ fromMs: ackMs, ...to });
  }

  /** Records that Redis was wiped. Returns the ids of the schedules whose last change may be lost. */
  wiped(atMs: number): string[] {
    this.wipes.push(atMs);
    const touched = [...this.schedules.values()].filter((one) => this.mayBeLost(one.segments.at(-1)?.fromMs ?? 0));
    for (const one of touched) one.mayBeLost = true;
    return touched.map((one) => one.id);
  }

  /**
   * Whether a wipe happened between request and answer. Redis may have stored the change before the wipe.
   */
  private wasWipedBetween(sentMs: number, ackMs: number): boolean {
    return this.wipes.some((wipe) => sentMs <= wipe && wipe <= ackMs);
  }

  /** Whether a wipe may have lost a change that was acknowledged at this time. */
  mayBeLost(ackMs: number): boolean {
    return this.wipes.some((wipe) => ackMs > wipe - LOSS_MS && ackMs <= wipe + WIPE_MS);
  }

  /**
   * The expected occurrences of a schedule up to `endMs`. Times in `must` have exactly one outcome, times in `may` at
   * most one. Occurrences missed while the schedule was off get an outcome when it is switched on or deleted.
   */
  occurrences(schedule: Expected, endMs: number): { must: Set<number>; may: Set<number> } {
    const must = new Set<number>();
    const may = new Set<number>();
    if (schedule.atMs !== null) {
      // A deleted schedule may have fired before the delete.
      const isDeleted = schedule.segments.some((one) => one.state === "gone");
      (isDeleted ? may : must).add(schedule.atMs);
      return { must, may };
    }
    schedule.segments.forEach((segment, i) => {
      // Redis decides by its own clock which occurrences a change still applies to.
      const slackMs = segment.state === "doubt" ? CLOCK_SLACK_MS : 0;
      const untilMs = (schedule.segments[i + 1]?.fromMs ?? endMs) + slackMs;
      const sure = segment.state === "on" || (segment.state === "off" && isDecided(schedule.segments, i));
      if (segment.state === "gone" || (segment.state === "off" && !sure)) return;
      for (const step of stepsOf(schedule.segments, i)) {
        const stepMs = step * 1000;
        for (let at = Math.floor(segment.fromMs / stepMs) * stepMs + stepMs; at <= untilMs; at += stepMs) {
          if (sure && at <= endMs) must.add(at);
          else if (!must.has(at)) may.add(at);
        }
      }
    });
    return { must, may };
  }
}

/** The steps that may apply in a segment. During a change, these are the old step and the new step. */
function stepsOf(segments: readonly Segment[], i: number): Set<number> {
  const steps = new Set([(segments[i] as Segment).everySeconds]);
  const next = segments[i + 1];
  if (segments[i]?.state === "doubt" && next) steps.add(next.everySeconds);
  return steps;
}

/** Whether the schedule was resumed or deleted later, so that missed occurrences have an outcome. */
function isDecided(segments: readonly Segment[], from: number): boolean {
  return segments.slice(from + 1).some((one) => one.state === "on" || one.state === "gone");
}
