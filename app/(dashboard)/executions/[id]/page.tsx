import type { Metadata } from "next";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { ExecutionDetail } from "./client";

export const metadata: Metadata = { title: "Execution" };

export default async function ExecutionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.executions.get.queryOptions({ executionId: id }));
  return (
    <HydrateClient>
      <ExecutionDetail executionId={id} />
    </HydrateClient>
  );
}
