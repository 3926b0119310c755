import { Swatch } from "./pattern";
import type { Series } from "./series";

/** The legend, in stack order. `values` are texts by series key, shown beside the names. */
export function ChartLegend({
  series,
  values,
  shape = "bar",
  hasMarkers = false,
}: {
  series: readonly Series[];
  values?: Readonly<Record<string, string>>;
  shape?: "bar" | "line";
  /** Adds an entry for the dashed lines that mark changes and outages. */
  hasMarkers?: boolean;
}) {
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-xs">
      {series.map((one) => (
        <li key={one.key} className="flex items-center gap-1.5 text-muted">
          {shape === "bar" ? (
            <Swatch color={one.color} pattern={one.pattern} />
          ) : (
            <svg aria-hidden width={16} height={4} className="shrink-0">
              <line
                {...{ x1: 0, x2: 16, y1: 2, y2: 2 }}
                stroke={one.color}
                strokeWidth={one.width ?? 2}
                strokeDasharray={one.dash}
              />
            </svg>
          )}
          {one.label}
          {values?.[one.key] ? <span className="font-medium text-ink">{values[one.key]}</span> : null}
        </li>
      ))}
      {hasMarkers ? (
        <li className="flex items-center gap-1.5 text-muted">
          <span aria-hidden className="h-3 border-warning border-l-2 border-dashed" />
          Change or outage
        </li>
      ) : null}
    </ul>
  );
}
