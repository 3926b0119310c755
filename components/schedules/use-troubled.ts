"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useMay } from "~/components/access/may";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import type { InFlightExecution } from "~/server/domain/views";

const LIMIT = 500;
/** The read examines every execution in flight, so it is not repeated with every refresh of the list. */
const REFRESH_MS = 10_000;

export interface Troubled {
  held: number;
  retrying: number;
  /** There are more executions in flight than were read, so the numbers are minimums. */
  isMinimum?: boolean;
}

/** The numbers of held and of retrying executions of each schedule that has one. */
export function countTroubled(
  rows: readonly Pick<InFlightExecution, "scheduleId" | "status">[],
): Map<string, Troubled> {
  const counts = new Map<string, Troubled>();
  for (const { scheduleId, status } of rows) {
    if (status !== "held" && status !== "retrying") continue;
    const before = counts.get(scheduleId) ?? { held: 0, retrying: 0 };
    counts.set(scheduleId, { ...before, [status]: before[status] + 1 });
  }
  return counts;
}

/**
 * Returns a function that finds a schedule's held and retrying executions, which no last run shows yet. Undefined for
 * none, and while they are loading. `refresh` reads them again, at most every 10 s.
 */
export function useTroubled(): { troubledOf: (scheduleId: string) => Troubled | undefined; refresh: () => void } {
  const trpc = useTRPC();
  const may = useMay();
  const { data, dataUpdatedAt, refetch } = useQuery(
    trpc.executions.inFlight.queryOptions(
      { status: ["held", "retrying"], limit: LIMIT },
      { ...KEEP_PREVIOUS, enabled: may("executions:read"), retry: false },
    ),
  );
  const counts = useMemo(() => countTroubled(data?.items ?? []), [data]);
  const isMinimum = data?.isComplete === false;
  return {
    troubledOf: useCallback(
      (scheduleId) => {
        const found = counts.get(scheduleId);
        return found && { ...found, isMinimum };
      },
      [counts, isMinimum],
    ),
    refresh: () => {
      if (may("executions:read") && Date.now() - dataUpdatedAt >= REFRESH_MS) void refetch();
    },
  };
}
