"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { ScheduleActivity } from "~/components/audit/schedule-activity";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { activityInput, detailParsers } from "./search-params";

// Loaded on first use, to keep it out of the bundle of the tab.
const DeletedWhy = dynamic(() => import("./deleted-why").then((module) => module.DeletedWhy));

/** The audit entries of the schedule: who changed it, when, from where and why. */
export function ActivityTab({ schedule }: { schedule: Pick<ShownSchedule, "scheduleId"> }) {
  const [{ cursor, entry }, setParams] = useQueryStates(detailParsers);
  return (
    <ScheduleActivity
      input={activityInput({ scheduleId: schedule.scheduleId, cursor })}
      pages={{ cursor, goTo: (next) => void setParams({ cursor: next }, { history: "push", scroll: true }) }}
      openId={entry}
      onOpen={(entryId) => void setParams({ entry: entryId }, { history: entryId === null ? "replace" : "push" })}
    />
  );
}

/**
 * "Why didn't it fire?" and the activity of a schedule that was deleted. Renders nothing if the id has no activity, for
 * example because it never existed.
 */
export function DeletedActivity({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const first = useQuery(
    trpc.audit.activity.queryOptions(activityInput({ scheduleId, cursor: null }), { retry: false }),
  );
  const [newest] = first.data?.items ?? [];
  if (newest === undefined) return null;
  return (
    <>
      <DeletedWhy scheduleId={scheduleId} at={newest.at} />
      <section className="mt-6">
        <h2 className="mb-2 font-semibold text-base">Activity</h2>
        <ActivityTab schedule={{ scheduleId }} />
      </section>
    </>
  );
}
