import { nextOccurrence } from "~/server/domain/recurrence";

/** A cadence of the generated schedules, with its next run. */
export interface Template {
  cron: string;
  zone: string;
  nextMs: number;
}

/** Zones with and without daylight saving time, in both hemispheres, and one with a half-hour offset. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Los_Angeles",
  "Australia/Sydney",
  "Asia/Kolkata",
  "America/Sao_Paulo",
] as const;

/** `count` crons of each kind. The number of a cron spreads the times over the day, the week or the month. */
const CADENCES: readonly { cron: (i: number) => string; count: number }[] = [
  { cron: (i) => `${(i * 5) % 60} ${Math.floor(i / 4) % 24} * * *`, count: 96 },
  { cron: (i) => `${(i * 7) % 60} ${i % 24} * * 1-5`, count: 24 },
  { cron: (i) => `${(i * 11) % 60} ${(i * 3) % 24} * * ${i % 7}`, count: 28 },
  { cron: (i) => `${(i * 13) % 60} ${(i * 5) % 24} ${1 + (i % 28)} * *`, count: 28 },
  { cron: (i) => `${i % 60} * * * *`, count: 12 },
];

/** Every cadence in every zone. */
export function templates(nowMs: number): Template[] {
  return CADENCES.flatMap(({ cron, count }) =>
    ZONES.flatMap((zone) =>
      Array.from({ length: count }, (_, i) => {
        const cronExpression = cron(i);
        const spec = { cronExpression, timezone: zone, dstGap: "first_valid", dstOverlap: "first" } as const;
        const next = nextOccurrence({ ...spec, startAt: null, endAt: null }, nowMs);
        if (next === null) throw new Error(`${cronExpression} in ${zone} never fires.`);
        return { cron: cronExpression, zone, nextMs: next.nominalMs };
      }),
    ),
  );
}
