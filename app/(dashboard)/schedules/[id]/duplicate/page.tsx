import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsRight } from "~/components/access/may";
import { prefetch, trpc } from "~/server/trpc/server";
import { DuplicateScheduleClient } from "./client";

export const metadata: Metadata = { title: "Duplicate schedule" };

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
