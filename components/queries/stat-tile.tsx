"use client";

import { RotateCw } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "~/components/ui/button";
import { Stat } from "~/components/ui/stat";
import { Instant } from "~/components/ui/time";
import { errorText } from "./load-error";
import type { TileQuery } from "./query-tile";
import { TileBoundary } from "./tile-boundary";

type StatProps = Omit<ComponentProps<typeof Stat>, "label" | "loading">;

/** A tile that shows one number of a query. If a refetch fails, the last number stays. */
export function StatTile<Data>({
  label,
  query,
  children,
}: {
  label: string;
  query: TileQuery<Data>;
  children: (data: Data) => StatProps;
}) {
  return (
    <TileBoundary title={label}>
      <Tile label={label} query={query} read={children} />
    </TileBoundary>
  );
}

function Tile<Data>({
  label,
  query,
  read,
}: {
  label: string;
  query: TileQuery<Data>;
  read: (data: Data) => StatProps;
}) {
  if (query.data !== undefined) {
    const stat = read(query.data);
    return <Stat label={label} {...stat} hint={query.error ? <AgeHint label={label} query={query} /> : stat.hint} />;
  }
  if (!query.error) return <Stat label={label} value="" loading hint={<span className="block h-9" />} />;
  return (
    <div role="alert" className="flex flex-col items-start gap-1 rounded-lg border bg-surface p-4 shadow-card">
      <p className="text-muted text-sm">{label}</p>
      <p className="line-clamp-2 text-danger-ink text-sm">{errorText(query.error)}</p>
      <Button
        size="sm"
        icon={<RotateCw aria-hidden />}
        loading={query.isFetching}
        onClick={() => void query.refetch()}
        aria-label={`Load ${label.toLowerCase()} again`}
      >
        Try again
      </Button>
    </div>
  );
}

/** Shows when the number was loaded. Lies above the tile's link, so that the retry button can be clicked. */
function AgeHint({ label, query }: { label: string; query: TileQuery<unknown> }) {
  return (
    <span className="relative z-10 flex flex-wrap items-center gap-x-1.5 text-warning-ink">
      Last updated at <Instant value={query.dataUpdatedAt} format="time" />
      <Button
        variant="link"
        className="min-h-6 text-xs"
        loading={query.isFetching}
        onClick={() => void query.refetch()}
        aria-label={`Load ${label.toLowerCase()} again`}
      >
        Try again
      </Button>
    </span>
  );
}
