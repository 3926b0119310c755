import { useQuery } from "@tanstack/react-query";
import { failedQueries, type RetriedQuery } from "~/components/queries/failed-queries";
import type { TileQuery } from "~/components/queries/query-tile";
import { FRESH } from "~/components/queries/use-live-queries";
import { useOutage } from "~/components/reach/reach-provider";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { useNow } from "~/components/ui/now";
import { type Attention, attentionOf } from "./attention";
import { FAILING, OVERDUE, openDeadLetters } from "./inputs";

/**
 * The problems that need a person, from the health check and three counts. If the last refresh of a query failed, its
 * earlier data is ignored and the check counts as unknown.
 */
export function useAttention(
  health: TileQuery<RouterOutputs["monitoring"]["health"]>,
  polling: { refetchInterval?: number } = {},
): {
  attention: Attention;
  isLoading: boolean;
  /** The checks that failed; null if none failed. */
  failed: RetriedQuery | null;
} {
  const trpc = useTRPC();
  const nowMs = useNow(60_000);
  const unreachable = useOutage()?.parts ?? [];
  const options = { ...FRESH.slow, ...polling };
  const overdue = useQuery(trpc.schedules.count.queryOptions(OVERDUE, options));
  const failing = useQuery(trpc.schedules.count.queryOptions(FAILING, options));
  const dead = useQuery(trpc.executions.list.queryOptions(openDeadLetters(nowMs), { ...options, ...KEEP_PREVIOUS }));
  const all = [health, overdue, failing, dead];
  const current = <Data>({ data, error }: Pick<TileQuery<Data>, "data" | "error">) => (error ? undefined : data);
  return {
    attention: attentionOf({
      health: current(health),
      overdue: current(overdue),
      failing: current(failing),
      deadLetters: current(dead),
      unreachable,
    }),
    isLoading: all.some(({ data, error }) => data === undefined && !error),
    failed: failedQueries(all),
  };
}
