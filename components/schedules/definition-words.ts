import { formatDuration } from "~/components/ui/format";

/** The catch-up policies in words, for the details of a schedule and for lists of changes. */
export const CATCH_UP_WORDS = { none: "skip missed runs", last: "run the last one", all: "run all of them" };
export const DST_GAP_WORDS = {
  first_valid: "run at the first valid time",
  shift: "run later by the length of the gap",
  skip: "skip the run",
};
export const DST_OVERLAP_WORDS = { first: "run the first time", second: "run the second time", both: "run both times" };

/** The words for a limit that is not set. */
export const UNSET_WORDS = { startAt: "Immediately", endAt: "Never", maxRuns: "Unlimited" };

/** A number of seconds as a span: "1 h 30 min". */
export function secondsInWords(seconds: number): string {
  return formatDuration(seconds * 1000);
}

/** The largest delay by jitter: "up to 30 s", "none". */
export function jitterInWords(seconds: number): string {
  return seconds > 0 ? `up to ${secondsInWords(seconds)}` : "none";
}

/** A zone's name with spaces instead of underscores: "America/New York". */
export function zoneInWords(zone: string): string {
  return zone.replaceAll("_", " ");
}
