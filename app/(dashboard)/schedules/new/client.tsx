"use client";

import { useQuery } from "@tanstack/react-query";
import { CreateSchedule } from "~/components/forms/create-schedule";
import { type FormDefaults, newFormValues } from "~/components/forms/schedule-form-values";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { PageHeader } from "~/components/ui/page-header";
import { SkeletonLines } from "~/components/ui/skeleton";
import { useDisplayZone } from "~/components/ui/time";

/** Defaults from the settings; built-in ones while the settings are not available. */
function defaultsOf(settings: RouterOutputs["settings"]["list"] | undefined, zone: string): FormDefaults {
  const value = (name: string) => settings?.items.find((setting) => setting.name === name)?.value;
  const number = (name: string, fallback: number) => {
    const found = value(name);
    return typeof found === "number" ? found : fallback;
  };
  return {
    timezone: String(value("timezone") ?? zone),
    maxRetries: number("maxRetries", 3),
    retryDelaySeconds: number("retryDelaySeconds", 60),
  };
}

export function NewScheduleClient() {
  const trpc = useTRPC();
  const { zone } = useDisplayZone();
  const settings = useQuery(trpc.settings.list.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  return (
    <>
      <PageHeader
        breadcrumb={<Breadcrumb items={[{ label: "Schedules", href: "/schedules" }, { label: "New" }]} />}
        title="New schedule"
      />
      {settings.isPending ? (
        <SkeletonLines lines={8} />
      ) : (
        <CreateSchedule initial={newFormValues(defaultsOf(settings.data, zone))} cancelHref="/schedules" />
      )}
    </>
  );
}
