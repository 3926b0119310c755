import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { DeadLettersClient } from "./client";
import { deadLettersInput, loadDeadLettersParams } from "./search-params";

export const metadata: Metadata = { title: "Dead letters" };

export default async function DeadLettersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadDeadLettersParams(searchParams);
  if (params.tab === "executions") {
    await prefetch(
      trpc.executions.list.queryOptions(deadLettersInput(params, Date.now())),
      ...(params.open === null ? [] : [trpc.executions.get.queryOptions({ executionId: params.open })]),
    );
  }
  return (
    <HydrateClient>
      <DeadLettersClient />
    </HydrateClient>
  );
}
