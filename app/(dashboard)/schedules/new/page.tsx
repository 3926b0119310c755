import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsRight } from "~/components/access/may";
import { prefetch, trpc } from "~/server/trpc/server";
import { NewScheduleClient } from "./client";

export const metadata: Metadata = { title: "New schedule" };

export default async function NewSchedulePage() {
  await prefetch(trpc.settings.list.queryOptions());
  return (
    <HydrateClient>
      <NeedsRight right="schedules:create" to="create schedules">
        <NewScheduleClient />
      </NeedsRight>
    </HydrateClient>
  );
}
