import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, prefetchWhole, trpc } from "~/server/trpc/server";
import { ExecutionsClient } from "./client";
import { executionListInput, failuresInput, histogramInput, inFlightInput, loadExecutionParams } from "./search-params";

export const metadata: Metadata = { title: "Executions" };

export default async function ExecutionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadExecutionParams(searchParams);
  const nowMs = Date.now();
  if (params.view === "in-flight") await prefetchWhole(trpc.executions.inFlight.queryOptions(inFlightInput(params)));
  else if (params.view === "failures") {
    await prefetchWhole(trpc.executions.failures.queryOptions(failuresInput(params, nowMs)));
  } else {
    await prefetch(
      trpc.executions.list.queryOptions(executionListInput(params, nowMs)),
      trpc.executions.histogram.queryOptions(histogramInput(params, nowMs)),
      ...(params.open === null ? [] : [trpc.executions.get.queryOptions({ executionId: params.open })]),
    );
  }
  return (
    <HydrateClient>
      <ExecutionsClient />
    </HydrateClient>
  );
}
