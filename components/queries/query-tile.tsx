"use client";

import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { SkeletonLines } from "~/components/ui/skeleton";
import { Instant } from "~/components/ui/time";
import { errorText, LoadError } from "./load-error";
import { TileBoundary } from "./tile-boundary";

export interface TileQuery<Data> {
  data: Data | undefined;
  error: unknown;
  isFetching: boolean;
  /** Epoch ms; 0 before the first data. */
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/** A card for one query: a skeleton, an error with a retry, or the data. Keeps the last data if a refetch fails. */
export function QueryTile<Data>({
  title,
  description,
  actions,
  query,
  skeletonLines = 4,
  padded = true,
  className,
  children,
}: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  query: TileQuery<Data>;
  skeletonLines?: number;
  /** If false, rows reach the edges of the card. */
  padded?: boolean;
  className?: string;
  children: (data: Data) => ReactNode;
}) {
  return (
    <Card title={title} description={description} actions={actions} padded={padded} className={className}>
      <TileBoundary title={title}>
        <QueryBody query={query} skeletonLines={skeletonLines} padded={padded}>
          {children}
        </QueryBody>
      </TileBoundary>
    </Card>
  );
}

/** Like `QueryTile`, without a card. If a refetch fails, warns that the data below is old. */
export function QueryBody<Data>({
  query,
  errorTitle,
  skeletonLines = 4,
  padded = true,
  children,
}: {
  query: TileQuery<Data>;
  errorTitle?: string;
  skeletonLines?: number;
  padded?: boolean;
  children: (data: Data) => ReactNode;
}) {
  if (query.data === undefined) {
    return query.error ? (
      <LoadError
        error={query.error}
        title={errorTitle}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    ) : (
      <SkeletonLines lines={skeletonLines} className={padded ? undefined : "p-4"} />
    );
  }
  return (
    <>
      {query.error ? <LastKnown query={query} className={padded ? "mb-3" : "m-3"} /> : null}
      {children(query.data)}
    </>
  );
}

/** Warns that the data below is old, shows when it was loaded, and offers a retry. */
export function LastKnown({ query, className }: { query: Omit<TileQuery<unknown>, "data">; className?: string }) {
  return (
    <Callout
      tone="warning"
      live
      className={className}
      action={
        <Button size="sm" loading={query.isFetching} onClick={() => void query.refetch()}>
          Try again
        </Button>
      }
    >
      Could not be refreshed: {errorText(query.error)} Last updated at{" "}
      <Instant value={query.dataUpdatedAt} format="time" />.
    </Callout>
  );
}
