import { cn } from "./cn";

/** A grey placeholder. `className` sets its size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden data-skeleton className={cn("h-4 animate-pulse rounded bg-hover", className)} />;
}

/** Placeholder lines of text. Announces "Loading" to screen readers. */
export function SkeletonLines({ lines = 3, className }: { lines?: number; className?: string }) {
  return (
    <div role="status" className={cn("flex flex-col gap-2.5", className)}>
      <span className="sr-only">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no id
        <Skeleton key={line} className={line === lines - 1 && lines > 1 ? "w-2/3" : "w-full"} />
      ))}
    </div>
  );
}

/** Placeholder rows for a `DataTable`, as high as its rows or cards. */
export function SkeletonRows({ rows = 8, columns }: { rows?: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr
      // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no id
      key={row}
      aria-hidden
      className="h-(--row-height) max-sm:grid max-sm:h-auto max-sm:gap-2.5 max-sm:border-b max-sm:p-3 max-sm:last:border-b-0"
    >
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells have no id
        <td key={column} className="border-b px-3 max-sm:border-b-0 max-sm:px-0 max-sm:nth-[n+4]:hidden">
          <Skeleton className={column === 0 ? "w-3/4" : "w-1/2"} />
        </td>
      ))}
    </tr>
  ));
}
