import { drawTimeline, type Timeline } from "./timeline";

const TIMEZONE = "Europe/Berlin";
const INTERVAL_JOBS = [
  { cronExpression: "0 * * * *", rows: [{ label: "interval job" }] },
  { cronExpression: "*/30 * * * *", rows: [{ label: "interval job" }] },
] as const;

const GAP: Timeline = {
  title: "28 March 2027 in Berlin: when runs fire around the missing hour",
  timezone: TIMEZONE,
  fromMs: Date.parse("2027-03-27T23:00:00Z"),
  untilMs: Date.parse("2027-03-28T03:00:00Z"),
  marks: [
    {
      fromMs: Date.parse("2027-03-28T01:00:00Z"),
      untilMs: Date.parse("2027-03-28T01:00:00Z"),
      label: "02:00 to 03:00 does not exist",
    },
  ],
  groups: [
    {
      cronExpression: "30 2 * * *",
      rows: [
        { label: "first_valid", policies: { dstGap: "first_valid" } },
        { label: "shift", policies: { dstGap: "shift" } },
        { label: "skip", policies: { dstGap: "skip" } },
      ],
    },
    ...INTERVAL_JOBS,
  ],
};

const OVERLAP: Timeline = {
  title: "31 October 2027 in Berlin: when runs fire around the repeated hour",
  timezone: TIMEZONE,
  fromMs: Date.parse("2027-10-30T23:00:00Z"),
  untilMs: Date.parse("2027-10-31T03:00:00Z"),
  marks: [
    {
      fromMs: Date.parse("2027-10-31T00:00:00Z"),
      untilMs: Date.parse("2027-10-31T01:00:00Z"),
      label: "first pass",
    },
    {
      fromMs: Date.parse("2027-10-31T01:00:00Z"),
      untilMs: Date.parse("2027-10-31T02:00:00Z"),
      label: "second pass",
    },
  ],
  groups: [
    {
      cronExpression: "30 2 * * *",
      rows: [
        { label: "first", policies: { dstOverlap: "first" } },
        { label: "second", policies: { dstOverlap: "second" } },
        { label: "both", policies: { dstOverlap: "both" } },
      ],
    },
    ...INTERVAL_JOBS,
  ],
};

/** The pictures of the guides, by file name. */
export const timelines = (): Record<string, string> => ({
  "dst-gap.svg": drawTimeline(GAP),
  "dst-overlap.svg": drawTimeline(OVERLAP),
});
