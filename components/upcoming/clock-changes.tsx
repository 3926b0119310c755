import { Callout } from "~/components/ui/callout";
import { Instant } from "~/components/ui/time";
import { clockChangeEffect, clockChangeTitle, type UpcomingLoad } from "./words";

/** The clock changes of the range, and how they affect schedules. */
export function ClockChanges({ changes }: { changes: UpcomingLoad["clockChanges"] }) {
  if (changes.length === 0) return null;
  return (
    <Callout tone="info" title="Daylight saving in this range">
      <ul className="mt-1 flex flex-col gap-2">
        {changes.map((change) => (
          <li key={`${change.at} ${change.shiftSeconds}`}>
            <Instant value={change.at} precision="minute" />: {clockChangeTitle(change)}.{" "}
            <span className="text-muted">{clockChangeEffect(change)}</span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
