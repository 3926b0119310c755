import { usageError } from "../exit.js";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    timeZoneName: "longOffset",
  });
  formats.set(zone, format);
  return format;
}

/** The zone of this machine. */
export const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @throws CliError for a zone that this machine does not know */
export function requireZone(zone: string, source: string): string {
  try {
    formatOf(zone);
    return zone;
  } catch {
    throw usageError(`${source}: "${zone}" must be an IANA time zone such as Europe/Berlin or UTC`);
  }
}

/** A time of an answer as `2027-03-01 10:00:00 +01:00` in a zone; "-" for none. */
export function timeIn(zone: string, iso: string | number | null | undefined): string {
  if (iso === null || iso === undefined) return "-";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return String(iso);
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second, timeZoneName = "" } = parts;
  const offset = timeZoneName.replace("GMT", "") || "+00:00";
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${offset}`;
}

const RELATIVE = /^([+-])(\d+(?:\.\d+)?)(s|m|h|d|w)$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time of the command line: `now`, a distance such as `+90m` or `-7d`, or any time that the API accepts. */
export function timeArgument(text: string, nowMs: number): string {
  if (text === "now") return new Date(nowMs).toISOString();
  const [, sign, count, unit] = RELATIVE.exec(text) ?? [];
  if (count === undefined || unit === undefined) return text;
  const distanceMs = Number(count) * (UNIT_MS[unit] as number) * (sign === "-" ? -1 : 1);
  const at = new Date(nowMs + distanceMs);
  if (Number.isNaN(at.getTime())) throw usageError(`The time "${text}" is out of range`);
  return at.toISOString();
}
