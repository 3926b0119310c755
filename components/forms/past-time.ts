import { PAST_GRACE_MS } from "~/server/domain/schedule-limits";
import { spanInWords } from "~/server/domain/span-in-words";

/** The error for a one-time instant (ISO 8601) that the server would refuse as past, or null. */
export function pastTimeFault(instant: string | null, nowMs: number): string | null {
  const agoMs = instant === null ? Number.NaN : nowMs - Date.parse(instant);
  return agoMs > PAST_GRACE_MS
    ? `This time has passed: it was ${spanInWords(agoMs)} ago. Choose a time in the future.`
    : null;
}
