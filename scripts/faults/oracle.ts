/*
 * What must happen, from what was asked for and acknowledged alone. It shares no code with the product: recurring
 * schedules are of whole steps of seconds, whose times are plain arithmetic in every zone.
 */

/**
 * What a schedule was from one moment to the next, epoch ms. `doubt`: a change was under way, or its answer got lost.
 */
export interface Segment {
  fromMs: number;
  state: "on" | "off" | "doubt" | "gone";
  /** Of a recurring schedule; 0 for a one-time one. */
  everySeconds: number;
}

export interface Expected {
  id: string;
  /** For one-time schedules. */
  atMs: number | null;
  segments: Segment[];
  /** Acknowledged within the last second before Redis was wiped: that much may be lost. */
  forgivable: boolean;
}

const CLOCK_SLACK_MS = 25;

export class Oracle {
  readonly schedules = new Map<string, Expected>();
  /** Runs by hand that were acknowledged: execution id → the moment. */
  readonly manual = new Map<string, number>();
  /** Delayed messages that the bus acknowledged: correlation id → the moment. */
  readonly delayed = new Map<string, number>();
  /** Asked for without an answer: may have happened or not. */
  readonly doubtful = new Set<string>();
  private readonly wipes: number[] = [];

  created(input: { id: string; atMs: number | null; everySeconds: number; sentMs: number; ackMs: number }): void {
    const { id, atMs, everySeconds, sentMs, ackMs } = input;
    const segments: Segment[] = [
      { fromMs: sentMs, state: "doubt", everySeconds },
      { fromMs: ackMs, state: "on", everySeconds },
    ];
    this.schedules.set(id, { id, atMs, segments, forgivable: this.wasUnderWay(sentMs, ackMs) });
  }

  /** A change begins: from here on nothing is sure. */
  changing(id: string, sentMs: number): void {
    const schedule = this.schedules.get(id);
    const last = schedule?.segments.at(-1);
    if (schedule && last) schedule.segments.push({ ...last, fromMs: sentMs, state: "doubt" });
  }

  /** What it is from `ackMs` on. */
  changed(id: string, to: { state: "on" | "off" | "gone"; everySeconds: number }, ackMs: number): void {
    const schedule = this.schedules.get(id);
    if (!schedule) return;
    if (this.wasUnderWay(schedule.segments.at(-1)?.fromMs ?? ackMs, ackMs)) schedule.forgivable = true;
    schedule.segments.push({ fromMs: ackMs, ...to });
  }

  /** Redis was wiped; answers the schedules whose last change it may have lost. */
  wiped(atMs: number): string[] {
    this.wipes.push(atMs);
    const touched = [...this.schedules.values()].filter((one) => this.forgivable(one.segments.at(-1)?.fromMs ?? 0));
    for (const one of touched) one.forgivable = true;
    return touched.map((one) => one.id);
  }

  /**
   * Whether a wipe fell between the asking and the answer: Redis may have taken the change before it, though the answer
   * came after.
   */
  private wasUnderWay(sentMs: number, ackMs: number): boolean {
    return this.wipes.some((wipe) => sentMs <= wipe && wipe <= ackMs);
  }

  /** Whether what was acknowledged at this moment may be lost: within a second before a wipe, or while it was made. */
  forgivable(ackMs: number): boolean {
    return this.wipes.some((wipe) => ackMs > wipe - 1000 && ackMs <= wipe + 200);
  }

  /**
   * The occurrences of a schedule. `must`: up to `endMs`, each has exactly one outcome. `may`: it may have one. Any
   * other has none. What was missed while a schedule was off must have an outcome once it was on again or deleted, and
   * none before.
   */
  occurrences(schedule: Expected, endMs: number): { must: Set<number>; may: Set<number> } {
    const must = new Set<number>();
    const may = new Set<number>();
    if (schedule.atMs !== null) {
      // Deleted or doubtful at any time: it may be cancelled, fired, or neither.
      (schedule.segments.some((one) => one.state === "gone") ? may : must).add(schedule.atMs);
      return { must, may };
    }
    schedule.segments.forEach((segment, i) => {
      // Redis's clock, by which it is decided, may be a little before the one by which this was noted.
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

/** While a change is under way both the old steps and the new ones may count. */
function stepsOf(segments: readonly Segment[], i: number): Set<number> {
  const steps = new Set([(segments[i] as Segment).everySeconds]);
  const next = segments[i + 1];
  if (segments[i]?.state === "doubt" && next) steps.add(next.everySeconds);
  return steps;
}

/** Whether it was on once more, or deleted: either decides what was missed. */
function isDecided(segments: readonly Segment[], from: number): boolean {
  return segments.slice(from + 1).some((one) => one.state === "on" || one.state === "gone");
}
