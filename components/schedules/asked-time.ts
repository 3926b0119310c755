import { type DisplayZone, formatInstant, zoneOffsetMinutes } from "~/components/ui/format";
import { zoneInWords } from "./definition-words";

/** The clock and the date of a time in a zone: "08:00" or "08:00:05", and "27 Nov 2026". */
export function clockAndDate(ms: number, display: DisplayZone): { clock: string; date: string } {
  const precision = ms % 60_000 === 0 ? "minute" : "second";
  return {
    clock: formatInstant(ms, { ...display, format: "time", precision }),
    date: formatInstant(ms, { ...display, format: "date" }),
  };
}

/**
 * A time in the zone of its schedule, because users ask in that zone, and in the display zone. Null if
 * both zones show the same time.
 */
export function timeInBothZones(ms: number, zone: string, display: DisplayZone): string | null {
  if (zoneOffsetMinutes(ms, zone) === zoneOffsetMinutes(ms, display.zone)) return null;
  const own = clockAndDate(ms, { ...display, zone });
  const shown = clockAndDate(ms, display);
  const ownClock = `${own.clock} ${zoneInWords(zone)}`;
  const shownClock = `${shown.clock} ${zoneInWords(display.zone)}`;
  if (own.date === shown.date) return `${ownClock} (${shownClock}) on ${own.date}`;
  return `${ownClock} on ${own.date} (${shownClock} on ${shown.date})`;
}
