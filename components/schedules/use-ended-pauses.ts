"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { useNow } from "~/components/ui/now";
import type { LastPause } from "~/server/domain/audit/pauses";
import type { ScheduleListItem } from "~/server/domain/views";

const HOUR_MS = 3_600_000;
/** How long a row shows a pause that has ended. */
const SHOWN_MS = 24 * HOUR_MS;

/**
 * Returns a function that finds a listed schedule's pause of the last 24 h, if the pause has ended and the pauses are
 * loaded.
 */
export function useEndedPauses(
  rows: readonly ScheduleListItem[] | undefined,
): (scheduleId: string) => LastPause | undefined {
  const trpc = useTRPC();
  const nowMs = useNow(HOUR_MS);
  // Rounded to the hour, so that the query key stays the same between renders.
  const from = new Date(Math.floor(nowMs / HOUR_MS) * HOUR_MS - SHOWN_MS).toISOString();
  const scheduleIds = rows?.map((row) => row.scheduleId) ?? [];
  const pauses = useQuery(
    trpc.audit.pauses.queryOptions(
      { scheduleIds, from },
      { ...KEEP_PREVIOUS, enabled: scheduleIds.length > 0, retry: false },
    ),
  );
  const ended = useMemo(
    () => new Map(pauses.data?.filter((one) => one.resumedAt !== null).map((one) => [one.scheduleId, one])),
    [pauses.data],
  );
  return useCallback((scheduleId) => ended.get(scheduleId), [ended]);
}
