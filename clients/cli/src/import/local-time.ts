/**
 * The time of a wall clock in a zone, epoch ms. A time in a gap is moved later by the length of the
 * gap. For a time that occurs twice, returns the first.
 *
 * @param local ISO 8601 without an offset
 * @throws RangeError for an unknown zone or an invalid time
 */
export function instantIn(zone: string, local: string): number {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) throw new RangeError(`"${local}" is not a time`);
  const before = wall - offsetAt(zone, wall - 86_400_000);
  const after = wall - offsetAt(zone, wall + 86_400_000);
  const isRight = (ms: number) => ms + offsetAt(zone, ms) === wall;
  if (isRight(before)) return before;
  return isRight(after) ? after : before;
}

/** The distance of a zone from UTC at a time, ms. */
function offsetAt(zone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  }).formatToParts(ms);
  const at = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
  return wall - Math.floor(ms / 1000) * 1000;
}
