import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { ExecutionsClient } from "./client";
import { executionListInput, failuresInput, histogramInput, inFlightInput, loadExecutionParams } from "./search-params";

export const metadata: Metadata = { title: "Executions" };

export default async function ExecutionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadExecutionParams(searchParams);
  const nowMs = Date.now();
  if (params.view === "in-flight") await prefetch(trpc.executions.inFlight.queryOptions(inFlightInput(params)));
  else if (params.view === "failures") {
    await prefetch(trpc.executions.failures.queryOptions(failuresInput(params, nowMs)));
  } else {
    await prefetch(
      trpc.executions.list.queryOptions(executionListInput(params, nowMs)),
      trpc.executions.histogram.queryOptions(histogramInput(params, nowMs)),
    );
  }
  return (
    <HydrateClient>
      <ExecutionsClient />
    </HydrateClient>
  );
}
