"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { QueryTile } from "~/components/queries/query-tile";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { useDisplayZone } from "~/components/ui/time";
import { LoadChart } from "~/components/upcoming/load-chart";
import { serializeUpcoming } from "~/components/upcoming/range";
import { UPCOMING_TITLE } from "./tile-titles";

/** The firings that are expected in the next 24 hours. */
export function UpcomingTile({
  topic,
  refetchInterval,
}: {
  topic: string | undefined;
  refetchInterval: number | false;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const { zone } = useDisplayZone();
  const load = useQuery(
    trpc.upcoming.load.queryOptions({ hours: 24, topic, timezone: zone }, { ...KEEP_PREVIOUS, refetchInterval }),
  );
  if (load.data === undefined) {
    return (
      <QueryTile title={UPCOMING_TITLE} query={load} skeletonLines={8}>
        {() => null}
      </QueryTile>
    );
  }
  return (
    <LoadChart
      title={UPCOMING_TITLE}
      load={load.data}
      refreshing={load.isPlaceholderData}
      onRange={(range) => router.push(`/upcoming?range=${encodeURIComponent(serializeUpcoming(range))}`)}
    />
  );
}
