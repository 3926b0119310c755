"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { ExplainTime } from "~/components/schedules/explain-time";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import { useTRPC } from "~/components/trpc/client";
import { Card } from "~/components/ui/card";
import { detailParsers } from "./search-params";

/**
 * "Why didn't it fire?" of a deleted schedule. Renders nothing if the schedule can no longer be explained. `at` is any
 * time (ISO 8601): its explanation tells the zone of the schedule, which is not in the audit entries.
 */
export function DeletedWhy({ scheduleId, at }: { scheduleId: string; at: string }) {
  const trpc = useTRPC();
  const [why, setWhy] = useQueryState("why", detailParsers.why);
  const { data } = useQuery(trpc.schedules.explain.queryOptions({ scheduleId, at }, { retry: false }));
  if (data === undefined) return null;
  return (
    <Card title="Why didn't it fire?" className="mt-6">
      <div id={WHY_ANCHOR} className="scroll-mt-24 text-sm">
        <ExplainTime
          schedule={{ scheduleId, timezone: data.timezone, isDeleted: true }}
          time={why}
          onAsk={(time) => void setWhy(time, { history: "push" })}
        />
      </div>
    </Card>
  );
}
