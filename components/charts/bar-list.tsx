import type { ReactNode } from "react";
import { Link } from "~/components/ui/link";

export interface BarListRow {
  id: string;
  label: ReactNode;
  value: number;
  /** The whole of which `text` gives the share. The bar then draws `value` of `whole`, not of the largest value. */
  whole?: number;
  /** Shown instead of `value`. */
  text?: string;
  /** Second line, muted. */
  hint?: ReactNode;
  href?: string;
  /** The link of `text` or `value`, if it differs from that of the label. */
  valueHref?: string;
}

/** Ranked rows with bars. `note` says "top N of M" if rows are missing. */
export function BarList({
  rows,
  color = "var(--accent)",
  note,
  label,
}: {
  rows: readonly BarListRow[];
  color?: string;
  note?: string;
  label: string;
}) {
  const max = Math.max(1, ...rows.map((row) => row.value));
  return (
    <div>
      <ol aria-label={label} className="flex flex-col gap-2">
        {rows.map((row) => (
          <li key={row.id} className="relative">
            <div className="flex items-baseline justify-between gap-3 text-sm">
              {row.href ? (
                <Link href={row.href} className="wrap-anywhere line-clamp-2 min-w-0 rounded hover:underline">
                  {row.label}
                </Link>
              ) : (
                <span className="wrap-anywhere line-clamp-2 min-w-0">{row.label}</span>
              )}
              {row.valueHref ? (
                <Link href={row.valueHref} className="shrink-0 rounded font-medium hover:underline">
                  {valueText(row)}
                </Link>
              ) : (
                <span className="shrink-0 font-medium">{valueText(row)}</span>
              )}
            </div>
            {row.hint ? <p className="truncate text-muted text-xs">{row.hint}</p> : null}
            <div aria-hidden className="mt-1 h-1.5 rounded-full bg-hover">
              <div
                className="h-full min-w-1 rounded-full"
                style={{ width: `${(100 * row.value) / (row.whole ?? max)}%`, background: color }}
              />
            </div>
          </li>
        ))}
      </ol>
      {note ? <p className="mt-2.5 text-subtle text-xs">{note}</p> : null}
    </div>
  );
}

const valueText = ({ text, value }: BarListRow) => text ?? value.toLocaleString("en-US");
