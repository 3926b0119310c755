import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsRight } from "~/components/access/may";
import { prefetch, trpc } from "~/server/trpc/server";
import { EditScheduleClient } from "./client";

export const metadata: Metadata = { title: "Edit schedule" };

export default async function EditSchedulePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.schedules.get.queryOptions({ scheduleId: id }));
  return (
    <HydrateClient>
      <NeedsRight right="schedules:edit" to="edit schedules">
        <EditScheduleClient scheduleId={id} />
      </NeedsRight>
    </HydrateClient>
  );
}
