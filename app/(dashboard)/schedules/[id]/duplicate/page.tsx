import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsRight } from "~/components/access/may";
import { tabTitle } from "~/components/schedules/display-name";
import { prefetch, prefetched, prefetchTitle, trpc } from "~/server/trpc/server";
import { DuplicateScheduleClient } from "./client";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const get = trpc.schedules.get.queryOptions({ scheduleId: (await params).id });
  await prefetchTitle(get);
  const schedule = prefetched(get.queryKey);
  return { title: schedule ? tabTitle("Duplicate", schedule) : "Duplicate schedule" };
}

export default async function DuplicateSchedulePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.schedules.get.queryOptions({ scheduleId: id }));
  return (
    <HydrateClient>
      <NeedsRight right="schedules:create" to="create schedules">
        <DuplicateScheduleClient scheduleId={id} />
      </NeedsRight>
    </HydrateClient>
  );
}
