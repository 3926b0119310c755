import { z } from "zod";
import { UpcomingFiringsInput, UpcomingLoadInput, upcomingFirings, upcomingLoad } from "~/server/services/upcoming";
import { defineTool, NextCursor, PageInput } from "../tool";

const Coverage = z
  .object({ schedules: z.int(), counted: z.int() })
  .describe("How many schedules may fire in the range, and how many of them are counted.");

/** More buckets are merged, so that a range of any length gives a short answer. */
const MAX_BUCKETS = 48;

interface Bucket {
  at: string;
  firings: number;
}

/** Merges neighbours, so that at most `MAX_BUCKETS` are left. */
function merged(buckets: readonly Bucket[]): Bucket[] {
  const size = Math.ceil(buckets.length / MAX_BUCKETS);
  const found: Bucket[] = [];
  for (const [index, { at, firings }] of buckets.entries()) {
    if (index % size === 0) found.push({ at, firings: 0 });
    (found.at(-1) as Bucket).firings += firings;
  }
  return found.map(({ at, firings }) => ({ at, firings: Math.round(firings * 100) / 100 }));
}

export const upcomingLoadTool = defineTool({
  name: "upcoming_load",
  title: "Upcoming load",
  description:
    "How many events are expected to fire in a future range (the next 24 hours by default): by bucket, by topic, the most crowded minutes with their schedules' times, the clock changes, and for comparison the throughput of the last seven days.",
  right: "schedules:read",
  input: UpcomingLoadInput.omit({ by: true }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    firings: z.number(),
    minutesWithFirings: z.int(),
    buckets: z.array(z.object({ at: z.string().describe("The start."), firings: z.number() })),
    topics: z.array(z.object({ topic: z.string(), firings: z.number() })).describe("The topics with most firings."),
    crowded: z.array(
      z.object({
        at: z.string(),
        firings: z.number(),
        oneTime: z.int(),
        groups: z.array(
          z.object({ cronExpression: z.string(), timezone: z.string(), schedules: z.int(), firings: z.number() }),
        ),
      }),
    ),
    clockChanges: z.array(
      z.object({
        at: z.string(),
        shiftSeconds: z.number(),
        timezones: z.array(z.string()),
        schedules: z.int(),
        moved: z.int(),
        skipped: z.int(),
        repeated: z.int(),
      }),
    ),
    measured: z.object({ minutePeak: z.number(), minutePeakAt: z.string().nullable(), fired: z.number() }),
    coverage: Coverage,
    computedAt: z.string(),
  }),
  run: async ({ ctx, input }) => {
    const load = await upcomingLoad({ ctx, input: { ...input, by: "topic" } });
    return {
      from: load.from,
      to: load.to,
      timezone: load.timezone,
      firings: load.firings,
      minutesWithFirings: load.minutesWithFirings,
      buckets: merged(load.buckets),
      topics: load.topics,
      crowded: load.crowded.map(({ at, firings, oneTime, groups }) => ({
        ...{ at, firings, oneTime },
        groups: groups.slice(0, 3).map(({ cronExpression, timezone, schedules, firings: expected }) => ({
          ...{ cronExpression, timezone, schedules },
          firings: expected,
        })),
      })),
      clockChanges: load.clockChanges.map(({ moreTimezones: _, ...change }) => change),
      measured: {
        minutePeak: load.measured.minutePeak,
        minutePeakAt: load.measured.minutePeakAt,
        fired: load.measured.fired,
      },
      coverage: load.coverage,
      computedAt: load.computedAt,
    };
  },
});

export const upcomingRunsTool = defineTool({
  name: "upcoming_runs",
  title: "Upcoming runs",
  description:
    "Lists the next runs of all schedules in order of time (of the next 24 hours by default), also those that paused schedules would have.",
  right: "schedules:read",
  input: UpcomingFiringsInput.extend(PageInput),
  output: z.object({
    items: z.array(
      z.object({
        at: z.string(),
        scheduleId: z.string(),
        name: z.string().nullable(),
        topic: z.string(),
        entityType: z.string(),
        action: z.string(),
        entityId: z.string().nullable(),
        timezone: z.string(),
        cadence: z.string(),
        note: z.string().nullable().describe("How a clock change affects the run."),
        jitterSeconds: z.int(),
        state: z.enum(["fires", "paused"]),
        pausedUntil: z.string().nullable(),
      }),
    ),
    nextCursor: NextCursor,
    coverage: Coverage,
    computedAt: z.string(),
  }),
  run: async ({ ctx, input }) => {
    const { items, ...page } = await upcomingFirings({ ctx, input });
    return { ...page, items: items.map(({ cronExpression: _, ...firing }) => firing) };
  },
});
