import { z } from "zod";

/** The range of ClickHouse's DateTime64(3) without the sentinel values of this product. Epoch ms. */
export const EARLIEST_MS = Date.UTC(1900, 0, 2);
export const LATEST_MS = Date.UTC(2299, 11, 30);
/** Epoch numbers above this are milliseconds (contract §1): 1e11 s is the year 5138, 1e11 ms is 1973. */
export const MILLISECONDS_ABOVE = 1e11;

/** The day of `LATEST_MS`, for messages. */
export const LATEST_DAY = "2299-12-30";
const INSTANT_RANGE = `1900-01-02 to ${LATEST_DAY}`;
const EXPECTED = `an ISO 8601 time with a zone, such as 2027-06-01T10:00:00Z or 2027-06-01T12:00:00+02:00, or an epoch in seconds or milliseconds, from ${INSTANT_RANGE}`;

const Iso = z.iso.datetime({ offset: true, local: false });

/** Finer epoch units of other systems, which are refused with a hint. */
const FINER_UNITS = [
  { unit: "microseconds", perMs: 1e3 },
  { unit: "nanoseconds", perMs: 1e6 },
] as const;

const isStorable = (ms: number) => ms >= EARLIEST_MS && ms <= LATEST_MS;

/** Epoch ms, or the reason why the value is not a valid instant. */
export function readInstant(value: string | number): { ms: number } | { fault: string } {
  return typeof value === "number" ? readEpoch(value) : readIso(value);
}

function readEpoch(value: number): { ms: number } | { fault: string } {
  if (!(value > 0)) return { fault: `must be ${EXPECTED}` };
  const ms = Math.round(value > MILLISECONDS_ABOVE ? value : value * 1000);
  if (isStorable(ms)) return { ms };
  const finer = FINER_UNITS.find(({ perMs }) => value / perMs > MILLISECONDS_ABOVE && isStorable(value / perMs));
  const guess = finer ? `; it looks like an epoch in ${finer.unit}` : "";
  return { fault: `${value} is out of range${guess}; must be ${EXPECTED}` };
}

function readIso(text: string): { ms: number } | { fault: string } {
  if (!Iso.safeParse(text).success) return { fault: correctionHint(text) ?? `must be ${EXPECTED}` };
  const ms = Date.parse(text);
  return isStorable(ms) ? { ms } : { fault: `${text} is out of range; must be within ${INSTANT_RANGE}` };
}

/** A correction for an ISO time without an offset, or without the colon in its offset; null for other texts. */
function correctionHint(text: string): string | null {
  const [, start, sign, hours, minutes = "00"] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d.*?)([+-])(\d\d)(\d\d)?$/.exec(text) ?? [];
  if (start !== undefined) return `must have a colon in its offset; write ${start}${sign}${hours}:${minutes}`;
  const isLocal = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text);
  return isLocal ? `must have an offset; write ${text}Z for UTC, or ${text}+02:00` : null;
}

/** An instant in a caller's spelling, parsed to epoch ms. */
export const Instant = z
  .union([z.string(), z.number()], { error: `must be ${EXPECTED}` })
  .transform((value, context): number => {
    const read = readInstant(value);
    if ("ms" in read) return read.ms;
    context.issues.push({ code: "custom", message: read.fault, input: value });
    return z.NEVER;
  });
