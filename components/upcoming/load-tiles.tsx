import { NO_VALUE } from "~/components/ui/format";
import { Stat } from "~/components/ui/stat";
import { Instant } from "~/components/ui/time";
import { formatFirings, type UpcomingLoad } from "./words";

/** The totals of the range, beside the load that was measured. */
export function LoadTiles({ load }: { load: UpcomingLoad }) {
  const { measured } = load;
  const busiest = load.crowded[0];
  const isAbove = busiest !== undefined && measured.fired > 0 && busiest.firings > measured.minutePeak;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Stat
        label="Expected firings"
        value={formatFirings(load.firings)}
        hint={
          <>
            until <Instant value={load.to} format="short" precision="minute" />
          </>
        }
      />
      <Stat
        label="Busiest minute"
        value={formatFirings(busiest?.firings ?? 0)}
        tone={isAbove ? "warning" : "neutral"}
        hint={
          busiest ? (
            <>
              <Instant value={busiest.at} format="short" precision="minute" />
              {isAbove ? ": more than in any minute of the last 7 days" : null}
            </>
          ) : (
            "Nothing fires in this range"
          )
        }
      />
      <Stat
        label="Measured peak"
        value={measured.fired === 0 ? NO_VALUE : formatFirings(measured.minutePeak)}
        hint={
          measured.minutePeakAt ? (
            <>
              on <Instant value={measured.minutePeakAt} format="short" precision="minute" />; the busiest minute of the
              last 7 days
            </>
          ) : (
            "Nothing fired in the last 7 days"
          )
        }
      />
      <Stat
        label="Minutes with firings"
        value={formatFirings(load.minutesWithFirings)}
        hint={`of ${formatFirings((Date.parse(load.to) - Date.parse(load.from)) / 60_000)} in the range`}
      />
    </div>
  );
}
