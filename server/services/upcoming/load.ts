import { bucketMsFor, bucketStarts } from "~/server/domain/load/buckets";
import { clockChanges } from "~/server/domain/load/clock-changes";
import { expectedFirings } from "~/server/domain/load/expected";
import { LoadTally } from "~/server/domain/load/tally";
import type { UpcomingGroup, UpcomingLoad } from "~/server/domain/views";
import type { LoadSpan } from "~/server/ports/store/load";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { iso } from "../schedules/view";
import { type Group, groupsIn, sharedAnswers } from "./groups";
import { filterOf, spanOf, type UpcomingLoadInput } from "./inputs";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Maximum number of topics to report. Other topics are summed. */
const MAX_TOPICS = 6;
const MAX_TAGS = 12;
const MAX_CROWDED_MINUTES = 8;
const MAX_GROUPS_PER_MINUTE = 8;
/** Maximum number of zones to list for a clock change. */
const MAX_ZONES = 8;

/**
 * Returns the expected firings of the recorded schedules by bucket, the crowded minutes and clock changes of the range,
 * and the throughput of the last seven days. Callers may share an answer that was computed some minutes ago.
 */
export async function upcomingLoad(call: { ctx: Ctx; input: UpcomingLoadInput }): Promise<UpcomingLoad> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const timezone = input.timezone ?? deps.settings.current().timezone;
  const span = spanOf(input, deps.clock.now());
  const filter = filterOf(input);
  // Without `from` and `to`, callers share the answer although their spans begin at different minutes.
  const range = input.from === undefined && input.to === undefined ? input.hours : span;
  const tags = input.by === "tag";
  const key = `load ${JSON.stringify([range, filter, timezone, tags])}`;
  const { value } = await sharedAnswers(deps).get(key, () => computeLoad(deps, { span, filter, timezone, tags }));
  return value;
}

async function computeLoad(
  deps: Deps,
  input: { span: LoadSpan; filter: ReturnType<typeof filterOf>; timezone: string; tags: boolean },
): Promise<UpcomingLoad> {
  const { span, filter, timezone } = input;
  const started = performance.now();
  const nowMs = deps.clock.now();
  const bucketMs = bucketMsFor(span.toMs - span.fromMs);
  const starts = bucketStarts({ ...span, bucketMs, timezone });
  const bucketSeconds = bucketSecondsOf(bucketMs);
  const tags = input.tags || undefined;
  const onceInput = { ...span, filter, originMs: starts[0] ?? span.fromMs, bucketSeconds };
  const [{ enabled: recurring, atMs: groupsAtMs }, once, onceTags, measured] = await Promise.all([
    groupsIn(deps, { ...span, filter, tags }, { fresh: true }),
    deps.store.shared.oneTimeLoad(onceInput),
    tags ? deps.store.shared.oneTimeTags(onceInput) : [],
    recentThroughput(deps, { topic: filter.topic, bucketMs, nowMs }),
  ]);
  const tally = new LoadTally(span, starts);
  const yieldIfDue = createYielder();
  for (const group of recurring.groups) {
    tally.add(group);
    const turn = yieldIfDue();
    if (turn) await turn;
  }
  for (const { atMs, schedules } of once.minutes) tally.addFirings(atMs, schedules);
  for (const { topic, atMs, schedules } of once.topics) tally.addTopicShare(topic, atMs, schedules);
  for (const { tag, atMs, schedules } of onceTags) tally.addTagShare(tag, atMs, schedules);
  const byTag = tally.tags(MAX_TAGS);
  const { all, topics, others } = tally.buckets(MAX_TOPICS);
  const oneTime = once.minutes.reduce((sum, one) => sum + one.schedules, 0);
  const crowded = await crowdedMinutes(tally, { groups: recurring.groups, once: once.minutes });
  return {
    from: iso(span.fromMs),
    to: iso(span.toMs),
    timezone,
    bucketSeconds: bucketMs / 1000,
    buckets: starts.map((at, i) => ({
      at: iso(at),
      firings: rounded(all[i]),
      topics: topics.map(({ sums }) => rounded(sums[i])),
      others: rounded(others[i]),
      tags: byTag.map(({ sums }) => rounded(sums[i])),
    })),
    topics: topics.map(({ topic, sums }) => ({ topic, firings: total(sums) })),
    tags: byTag.map(({ tag, sums }) => ({ tag, firings: total(sums) })),
    firings: total(all),
    minutesWithFirings: tally.minutes.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0),
    coverage: { schedules: recurring.schedules + oneTime, counted: recurring.counted + oneTime },
    crowded,
    clockChanges: clockChanges(recurring.groups, span).map(
      ({ timezones, atMs, oldOffsetMs, newOffsetMs, ...counts }) => ({
        at: iso(atMs),
        shiftSeconds: (newOffsetMs - oldOffsetMs) / 1000,
        timezones: timezones.slice(0, MAX_ZONES),
        moreTimezones: Math.max(0, timezones.length - MAX_ZONES),
        ...counts,
      }),
    ),
    measured: {
      minutePeak: measured.minutePeak,
      minutePeakAt: measured.minutePeakAtMs === null ? null : iso(measured.minutePeakAtMs),
      bucketPeak: measured.bucketPeak,
      fired: measured.fired,
    },
    computedAt: iso(Math.min(nowMs, groupsAtMs)),
    tookMs: Math.round(performance.now() - started),
  };
}

const total = (sums: Float64Array) => rounded(sums.reduce((sum, one) => sum + one, 0));
const rounded = (firings: number | undefined) => Math.round((firings ?? 0) * 100) / 100;

/**
 * For buckets of more than an hour, queries half hours, because a clock change may move later buckets by half an hour.
 */
function bucketSecondsOf(bucketMs: number): number {
  return (bucketMs > HOUR_MS ? HOUR_MS / 2 : bucketMs) / 1000;
}

/** The range ends at full ten minutes, so that callers share an answer. */
async function recentThroughput(
  deps: Deps,
  { topic, bucketMs, nowMs }: { topic: readonly string[] | undefined; bucketMs: number; nowMs: number },
) {
  const toMs = Math.floor(nowMs / (10 * MINUTE_MS)) * 10 * MINUTE_MS;
  const input = { fromMs: toMs - WEEK_MS, toMs, topic, bucketSeconds: bucketMs / 1000 };
  const key = `measured ${JSON.stringify(input)}`;
  const { value } = await sharedAnswers(deps).get(key, () => deps.store.shared.measuredThroughput(input));
  return value;
}

/** Returns the most crowded minutes, each with the groups that fire most. */
async function crowdedMinutes(
  tally: LoadTally,
  from: { groups: readonly Group[]; once: readonly { atMs: number; schedules: number }[] },
): Promise<UpcomingLoad["crowded"]> {
  const yieldIfDue = createYielder();
  const found: UpcomingLoad["crowded"] = [];
  for (const { atMs, firings } of tally.crowded(MAX_CROWDED_MINUTES)) {
    // Schedules with the same cron and zone are one row.
    const rows = new Map<string, UpcomingGroup>();
    for (const group of from.groups) {
      let perSchedule = 0;
      expectedFirings(group, { fromMs: atMs, toMs: atMs + MINUTE_MS }, (_, count) => {
        perSchedule += count;
      });
      const turn = yieldIfDue();
      if (turn) await turn;
      if (perSchedule === 0) continue;
      const { cronExpression, timezone, schedules, jitterSeconds } = group;
      const key = JSON.stringify([cronExpression, timezone]);
      const row = rows.get(key) ?? { cronExpression, timezone, schedules: 0, firings: 0, jitterSeconds };
      rows.set(key, {
        ...row,
        schedules: row.schedules + schedules,
        firings: row.firings + perSchedule * schedules,
        jitterSeconds: Math.min(row.jitterSeconds, jitterSeconds),
      });
    }
    const ranked = [...rows.values()].sort((a, b) => b.firings - a.firings);
    const shown = ranked.slice(0, MAX_GROUPS_PER_MINUTE).map((row) => ({ ...row, firings: rounded(row.firings) }));
    found.push({
      at: iso(atMs),
      firings: rounded(firings),
      oneTime: from.once.find((one) => one.atMs === atMs)?.schedules ?? 0,
      groups: shown,
      moreGroups: ranked.length - shown.length,
    });
  }
  return found;
}
