"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { useMay } from "~/components/access/may";
import { QueryBody } from "~/components/queries/query-tile";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { pauseVersions } from "~/components/versions/pause-versions";
import { RestoreDialog } from "~/components/versions/restore-dialog";
import { VersionItem } from "~/components/versions/version-item";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { detailParsers } from "./search-params";

const MAX_PAUSES = 200;
const PAUSE_VERBS = ["schedule.pause", "schedule.resume"];

/** The definitions of the schedule, newest first, each with its changes. Older ones have a button to restore them. */
export function VersionsTab({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const mayReadAudit = useMay()("audit:read");
  const [{ version: openVersion }, setParams] = useQueryStates(detailParsers);
  const [restoringVersion, setRestoringVersion] = useState<number | null>(null);
  const list = useQuery(trpc.schedules.versions.queryOptions({ scheduleId }));
  const pauses = useQuery(
    trpc.audit.list.queryOptions(
      { target: scheduleId, from: schedule.createdAt, verb: PAUSE_VERBS, result: SUCCEEDED, limit: MAX_PAUSES },
      { enabled: mayReadAudit, retry: false },
    ),
  );
  return (
    <div className="flex flex-col gap-3">
      <QueryBody query={list} errorTitle="The versions could not be loaded" skeletonLines={6}>
        {({ isComplete, items }) => (
          <>
            {isComplete ? null : (
              <Callout tone="info">
                The audit trail does not have every change of this schedule, so its older definitions are not known.
              </Callout>
            )}
            <ol aria-label="Versions, newest first" className="flex flex-col gap-3">
              {items.map((item, index) => (
                <VersionItem
                  key={item.version}
                  scheduleId={scheduleId}
                  item={item}
                  pauses={pauseVersions(item, items[index - 1]?.at ?? null, pauses.data?.items ?? [])}
                  open={openVersion === item.version}
                  onToggle={(next) => void setParams({ version: next ? item.version : null }, { history: "replace" })}
                  onRestore={() => setRestoringVersion(item.version)}
                />
              ))}
            </ol>
          </>
        )}
      </QueryBody>
      {restoringVersion === null ? null : (
        <RestoreDialog schedule={schedule} version={restoringVersion} onClose={() => setRestoringVersion(null)} />
      )}
    </div>
  );
}
