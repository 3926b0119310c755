import { localTime } from "../recurrence";
import type { FormatTime } from "./sentence";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Returns a function that formats times in the zone, by the product's tz database. */
export function timeFormatIn(timezone: string): FormatTime {
  return (ms) => {
    const [date = "", time = ""] = localTime(timezone, ms).split("T");
    const [year, month, day] = date.split("-").map(Number);
    const clock = time.slice(0, 8);
    return {
      clock: clock.endsWith(":00") ? clock.slice(0, 5) : clock,
      date: `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`,
    };
  };
}
