import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { jobTabTitle } from "~/components/bulk/job-tab-title";
import { prefetch, prefetched, prefetchTitle, trpc } from "~/server/trpc/server";
import { BulkJobClient } from "./client";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const get = trpc.bulk.get.queryOptions({ jobId: (await params).id });
  await prefetchTitle(get);
  return { title: jobTabTitle(prefetched(get.queryKey)) };
}

export default async function BulkJobPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.bulk.get.queryOptions({ jobId: id }));
  return (
    <HydrateClient>
      <BulkJobClient jobId={id} />
    </HydrateClient>
  );
}
