import type { Series } from "./series";

/** The legend, in stack order. `values` are formatted and shown beside the names. */
export function ChartLegend({
  series,
  values,
  shape = "bar",
}: {
  series: readonly Series[];
  values?: Readonly<Record<string, string>>;
  shape?: "bar" | "line";
}) {
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-xs">
      {series.map((one) => (
        <li key={one.key} className="flex items-center gap-1.5 text-muted">
          <span
            aria-hidden
            className={shape === "bar" ? "size-2.5 rounded-[3px]" : "w-3.5 rounded-full"}
            style={{ background: one.color, height: shape === "line" ? (one.width ?? 2) : undefined }}
          />
          {one.label}
          {values?.[one.key] ? <span className="font-medium text-ink">{values[one.key]}</span> : null}
        </li>
      ))}
    </ul>
  );
}
