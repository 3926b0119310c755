/** The first row of each schedule, in order, so that a schedule that runs each second does not fill the list. */
export function nextBySchedule<Row extends { scheduleId: string }>(rows: readonly Row[], count: number): Row[] {
  const seen = new Set<string>();
  const first = rows.filter((row) => {
    const isRepeated = seen.has(row.scheduleId);
    seen.add(row.scheduleId);
    return !isRepeated;
  });
  return first.slice(0, count);
}
