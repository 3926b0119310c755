import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { tabTitle } from "~/components/schedules/display-name";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { prefetch, prefetched, prefetchTitle, trpc } from "~/server/trpc/server";
import { ExecutionDetail } from "./client";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const get = trpc.executions.get.queryOptions({ executionId: (await params).id });
  await prefetchTitle(get);
  const execution = prefetched(get.queryKey);
  return { title: execution ? tabTitle(OUTCOME_LABELS[execution.status], execution) : "Execution" };
}

export default async function ExecutionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.executions.get.queryOptions({ executionId: id }));
  return (
    <HydrateClient>
      <ExecutionDetail executionId={id} />
    </HydrateClient>
  );
}
