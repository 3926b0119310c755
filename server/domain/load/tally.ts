import { type Cadence, expectedFirings, type LoadRange } from "./expected";

const MINUTE_MS = 60_000;

/** A cadence with the number of its schedules, by topic and by tag. */
export interface CadenceGroup extends Cadence {
  schedules: number;
  topics: readonly { topic: string; schedules: number }[];
  tags: readonly { tag: string; schedules: number }[];
}

type Sums = Map<string, Float64Array>;

/** Adds up the firings of many groups: by minute, by bucket and topic, and by bucket and tag. */
export class LoadTally {
  /** Firings by minute of the range. */
  readonly minutes: Float64Array;
  private readonly topicSums: Sums = new Map();
  private readonly tagSums: Sums = new Map();
  private readonly bucketOf: Int32Array;
  /** Firings of one schedule of the current group, by bucket. */
  private readonly perSchedule: Float64Array;

  /** @param starts of the buckets, ascending; the first is not after the range's start */
  constructor(
    private readonly range: LoadRange,
    private readonly starts: readonly number[],
  ) {
    const length = Math.round((range.toMs - range.fromMs) / MINUTE_MS);
    this.minutes = new Float64Array(length);
    this.bucketOf = new Int32Array(length);
    this.perSchedule = new Float64Array(starts.length);
    let bucket = 0;
    for (let minute = 0; minute < length; minute++) {
      const atMs = range.fromMs + minute * MINUTE_MS;
      while (bucket + 1 < starts.length && (starts[bucket + 1] as number) <= atMs) bucket += 1;
      this.bucketOf[minute] = bucket;
    }
  }

  /** Adds a group. Takes time for each minute in which it fires, not for each schedule. */
  add(group: CadenceGroup): void {
    const { minutes, bucketOf, perSchedule } = this;
    const { schedules } = group;
    perSchedule.fill(0);
    expectedFirings(group, this.range, (minute, firings) => {
      minutes[minute] = (minutes[minute] as number) + firings * schedules;
      const bucket = bucketOf[minute] as number;
      perSchedule[bucket] = (perSchedule[bucket] as number) + firings;
    });
    for (const { topic, schedules: count } of group.topics) this.addBuckets(this.sumsOf(this.topicSums, topic), count);
    for (const { tag, schedules: count } of group.tags) this.addBuckets(this.sumsOf(this.tagSums, tag), count);
  }

  private addBuckets(sums: Float64Array, schedules: number): void {
    const { perSchedule } = this;
    for (let bucket = 0; bucket < perSchedule.length; bucket++) {
      sums[bucket] = (sums[bucket] as number) + (perSchedule[bucket] as number) * schedules;
    }
  }

  /** Adds firings of one-time schedules to the total, without a topic or tag. Ignores times outside of the range. */
  addFirings(atMs: number, firings: number): void {
    const minute = Math.floor((atMs - this.range.fromMs) / MINUTE_MS);
    if (minute < 0 || minute >= this.minutes.length) return;
    this.minutes[minute] = (this.minutes[minute] as number) + firings;
  }

  /**
   * Adds firings to a topic, but not to the total: pass them to `addFirings` too. `atMs` may be the start of a bucket,
   * so a time before the range counts in the first bucket.
   */
  addTopicShare(topic: string, atMs: number, firings: number): void {
    this.addTo(this.topicSums, { name: topic, atMs, firings });
  }

  /** Like `addTopicShare`, for a tag. */
  addTagShare(tag: string, atMs: number, firings: number): void {
    this.addTo(this.tagSums, { name: tag, atMs, firings });
  }

  private addTo(all: Sums, { name, atMs, firings }: { name: string; atMs: number; firings: number }): void {
    const minute = Math.max(0, Math.floor((atMs - this.range.fromMs) / MINUTE_MS));
    if (minute >= this.minutes.length) return;
    const sums = this.sumsOf(all, name);
    const bucket = this.bucketOf[minute] as number;
    sums[bucket] = (sums[bucket] as number) + firings;
  }

  /** Firings by bucket: all, those of the `limit` topics with the most firings, and all others. */
  buckets(limit: number): { all: Float64Array; topics: { topic: string; sums: Float64Array }[]; others: Float64Array } {
    const all = new Float64Array(this.starts.length);
    this.minutes.forEach((firings, minute) => {
      const bucket = this.bucketOf[minute] as number;
      all[bucket] = (all[bucket] as number) + firings;
    });
    const ranked = mostFirings(this.topicSums, limit).map(({ name, sums }) => ({ topic: name, sums }));
    const others = all.map((sum, bucket) => {
      const listed = ranked.reduce((total, { sums }) => total + (sums[bucket] as number), 0);
      // A topic's first bucket may count firings before the range, which `all` does not.
      return Math.max(0, sum - listed);
    });
    return { all, topics: ranked, others };
  }

  /** Firings by bucket of the `limit` tags with the most firings. A firing counts in each tag of its schedule. */
  tags(limit: number): { tag: string; sums: Float64Array }[] {
    return mostFirings(this.tagSums, limit).map(({ name, sums }) => ({ tag: name, sums }));
  }

  /** The `limit` minutes with the most firings, in descending order. Leaves out minutes without firings. */
  crowded(limit: number): { atMs: number; firings: number }[] {
    const found: { atMs: number; firings: number }[] = [];
    this.minutes.forEach((firings, minute) => {
      const last = found[limit - 1];
      if (firings <= 0 || (last !== undefined && firings <= last.firings)) return;
      const index = found.findIndex((one) => one.firings < firings);
      found.splice(index === -1 ? found.length : index, 0, { atMs: this.range.fromMs + minute * MINUTE_MS, firings });
      found.length = Math.min(found.length, limit);
    });
    return found;
  }

  private sumsOf(all: Sums, name: string): Float64Array {
    const known = all.get(name);
    if (known !== undefined) return known;
    const sums = new Float64Array(this.starts.length);
    all.set(name, sums);
    return sums;
  }
}

function mostFirings(all: Sums, limit: number): { name: string; sums: Float64Array }[] {
  return [...all]
    .map(([name, sums]) => ({ name, sums, total: sums.reduce((sum, one) => sum + one, 0) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}
