import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { StreamedHydration } from "~/components/trpc/streamed-hydration";
import { streamable } from "~/components/trpc/streamed-queries";
import { pageState, stateOfQuery } from "~/server/trpc/server";

/** Passes the queries of the page to the client components inside. Late answers are streamed. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return <StreamedHydration state={streamable(pageState())}>{children}</StreamedHydration>;
}

/** Passes the data of the layout's query to the client components inside. */
export function HydrateLayout({ queryKey, children }: { queryKey: QueryKey; children: ReactNode }) {
  return <StreamedHydration state={stateOfQuery(queryKey)}>{children}</StreamedHydration>;
}
