"use client";

import { useQuery } from "@tanstack/react-query";
import { CreateSchedule } from "~/components/forms/create-schedule";
import { newFormValues } from "~/components/forms/schedule-form-values";
import { StartFromDialog } from "~/components/forms/start-from-dialog";
import { settingDefaultsOf } from "~/components/schedules/setting-defaults";
import { useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { PageHeader } from "~/components/ui/page-header";
import { SkeletonLines } from "~/components/ui/skeleton";
import { useDisplayZone } from "~/components/ui/time";

export function NewScheduleClient() {
  const trpc = useTRPC();
  const { zone } = useDisplayZone();
  const settings = useQuery(trpc.settings.list.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  return (
    <>
      <PageHeader
        breadcrumb={<Breadcrumb items={[{ label: "Schedules", href: "/schedules" }, { label: "New" }]} />}
        title="New schedule"
        actions={<StartFromDialog />}
      />
      {settings.isPending ? (
        <SkeletonLines lines={8} />
      ) : (
        <CreateSchedule
          initial={newFormValues(settingDefaultsOf(settings.data, zone))}
          cancelHref="/schedules"
          draft="new"
          withTemplates
        />
      )}
    </>
  );
}
