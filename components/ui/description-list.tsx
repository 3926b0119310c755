import type { ReactNode } from "react";
import { cn } from "./cn";
import { NoValue } from "./no-value";

/** Names and values. A value of null or undefined shows a dash. */
export function DescriptionList({
  items,
  columns = 1,
  className,
}: {
  /** `isWide`: a long value that fills the row. */
  items: readonly { term: string; value: ReactNode; isWide?: boolean }[];
  columns?: 1 | 2 | 3;
  className?: string;
}) {
  return (
    <dl
      className={cn(
        "grid gap-x-6 gap-y-3 text-sm",
        columns === 2 && "sm:grid-cols-2",
        columns === 3 && "sm:grid-cols-2 lg:grid-cols-3",
        className,
      )}
    >
      {items.map((item) => (
        <div key={item.term} className={cn("min-w-0", item.isWide && "col-span-full")}>
          <dt className="text-muted text-xs">{item.term}</dt>
          <dd className="mt-0.5 break-words text-ink">{item.value ?? <NoValue />}</dd>
        </div>
      ))}
    </dl>
  );
}
