import { Swatch } from "./pattern";
import type { Series } from "./series";

/** The legend, in stack order. `values` are formatted and shown beside the names. */
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
            <span
              aria-hidden
              className="w-3.5 rounded-full"
              style={{ background: one.color, height: one.width ?? 2 }}
            />
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
