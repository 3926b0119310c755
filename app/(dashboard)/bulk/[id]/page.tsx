import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { BulkJobClient } from "./client";

export const metadata: Metadata = { title: "Bulk job" };

export default async function BulkJobPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.bulk.get.queryOptions({ jobId: id }));
  return (
    <HydrateClient>
      <BulkJobClient jobId={id} />
    </HydrateClient>
  );
}
