import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { ExecutionsClient } from "./client";
import { executionListInput, loadExecutionParams } from "./search-params";

export const metadata: Metadata = { title: "Executions" };

export default async function ExecutionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadExecutionParams(searchParams);
  await prefetch(trpc.executions.list.queryOptions(executionListInput(params, Date.now())));
  return (
    <HydrateClient>
      <ExecutionsClient />
    </HydrateClient>
  );
}
