import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { BulkJobsClient } from "./client";

export const metadata: Metadata = { title: "Bulk jobs" };

export default async function BulkJobsPage() {
  await prefetch(trpc.bulk.list.queryOptions());
  return (
    <HydrateClient>
      <BulkJobsClient />
    </HydrateClient>
  );
}
