/** The first row of each schedule, in order, so that a schedule of every second does not fill the list. */
export function nextBySchedule<Row extends { scheduleId: string }>(rows: readonly Row[], count: number): Row[] {
  const seen = new Set<string>();
  const first = rows.filter((row) => {
    const known = seen.has(row.scheduleId);
    seen.add(row.scheduleId);
    return !known;
  });
  return first.slice(0, count);
}
