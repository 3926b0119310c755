import { ArrowDown, ArrowUp, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { Link } from "./link";
import { Skeleton } from "./skeleton";

export interface StatDelta {
  /** Already formatted, without a sign: "12%", "4,900"; "Unchanged" if `direction` is `flat`. */
  text: string;
  direction: "up" | "down" | "flat";
  /** Whether the change is an improvement; undefined if it is neither better nor worse. Sets the colour. */
  good?: boolean;
  /** The end of the sentence: "than the previous 24 h"; "from the previous 24 h" if `direction` is `flat`. */
  than: string;
}

const DELTA_WORDS = { up: "more", down: "fewer", flat: "" } as const;
const ARROWS = { up: ArrowUp, down: ArrowDown, flat: Minus } as const;

/** One number with its label. `value` is formatted, with its unit. */
export function Stat({
  label,
  value,
  hint,
  delta,
  href,
  tone = "neutral",
  loading,
  children,
  className,
}: {
  label: string;
  value: ReactNode;
  hint?: ReactNode;
  delta?: StatDelta;
  /** Link to the rows behind the number. */
  href?: string;
  tone?: "neutral" | "danger" | "warning";
  loading?: boolean;
  /** A sparkline or strip under the number. */
  children?: ReactNode;
  className?: string;
}) {
  const Change = delta ? ARROWS[delta.direction] : null;
  return (
    <div
      className={cn(
        "relative flex min-w-0 flex-col gap-1 rounded-lg border bg-surface p-4 shadow-card",
        href && "hover:border-line-strong",
        className,
      )}
    >
      <p className="truncate text-muted text-sm">
        {href ? (
          <Link href={href} className="rounded after:absolute after:inset-0">
            {label}
          </Link>
        ) : (
          label
        )}
      </p>
      {loading ? (
        <Skeleton className="my-1 h-6 w-24" />
      ) : (
        <p
          className={cn(
            "truncate font-semibold text-2xl tracking-tight",
            tone === "danger" && "text-danger-ink",
            tone === "warning" && "text-warning-ink",
          )}
        >
          {value}
        </p>
      )}
      {delta && Change && !loading ? (
        <p className="text-muted text-xs">
          <span
            className={cn(
              "whitespace-nowrap font-medium",
              delta.good === true && "text-success-ink",
              delta.good === false && "text-danger-ink",
            )}
          >
            <Change aria-hidden className="mr-0.5 inline size-3 align-[-0.125em]" />
            {delta.text} {DELTA_WORDS[delta.direction]}
          </span>{" "}
          {delta.than}
        </p>
      ) : null}
      {hint ? <p className="text-muted text-xs">{hint}</p> : null}
      {children}
    </div>
  );
}
