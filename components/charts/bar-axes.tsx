"use client";

import { cn } from "~/components/ui/cn";
import { useTimeAxis } from "./parts";

/** A label that is closer to an edge than this is aligned with the edge, so that the label does not overflow. */
const EDGE_PERCENT = 4;
/** If there are more labels than this, a narrow chart hides every second label. */
const MAX_LABELS = 4;

function alignment(percent: number): string {
  if (percent < EDGE_PERCENT) return "";
  return percent > 100 - EDGE_PERCENT ? "-translate-x-full" : "-translate-x-1/2";
}

/** Grid lines with counts, lowest first, and times below the buckets at `starts`. The labels are outside the box. */
export function BarAxes({ starts, counts }: { starts: readonly number[]; counts: readonly string[] }) {
  const { ticks, tickFormatter } = useTimeAxis(starts);
  return (
    <div className="@container absolute inset-0 text-[11px] text-subtle">
      {counts.map((text, index) => (
        <div
          key={text}
          className="absolute inset-x-0 border-t"
          style={{ bottom: `${(index / Math.max(1, counts.length - 1)) * 100}%` }}
        >
          <span className="absolute right-full mr-2 -translate-y-1/2 leading-none">{text}</span>
        </div>
      ))}
      {ticks.map((at, index) => {
        const percent = ((starts.indexOf(at) + 0.5) / starts.length) * 100;
        return (
          <span
            key={at}
            className={cn(
              "absolute top-full mt-2 whitespace-nowrap leading-none",
              alignment(percent),
              ticks.length > MAX_LABELS && index % 2 === 1 && "@max-2xl:hidden",
            )}
            style={{ left: `${percent}%` }}
          >
            {tickFormatter(at)}
          </span>
        );
      })}
    </div>
  );
}
