import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsRight } from "~/components/access/may";
import { cadenceInput } from "~/components/forms/cadence-input";
import { newFormValues } from "~/components/forms/schedule-form-values";
import { readPreferences } from "~/components/layout/preferences-server";
import { settingDefaultsOf } from "~/components/schedules/setting-defaults";
import { prefetch, prefetched, trpc } from "~/server/trpc/server";
import { NewScheduleClient } from "./client";

export const metadata: Metadata = { title: "New schedule" };

export default async function NewSchedulePage() {
  const settings = trpc.settings.list.queryOptions();
  const [{ zone }] = await Promise.all([readPreferences(), prefetch(settings)]);
  const values = newFormValues(settingDefaultsOf(prefetched(settings.queryKey), zone));
  await prefetch(trpc.schedules.preview.queryOptions(cadenceInput(values, Date.now())));
  return (
    <HydrateClient>
      <NeedsRight right="schedules:create" to="create schedules">
        <NewScheduleClient />
      </NeedsRight>
    </HydrateClient>
  );
}
