import { keepPreviousData, QueryClient } from "@tanstack/react-query";
import { isRetriable } from "./app-error";

const STALE_MS = 5000;
const RETRIES = 1;

/** Query options that keep the previous data while new data loads (filters, pages). */
export const KEEP_PREVIOUS = { placeholderData: keepPreviousData } as const;

/** Refetch options: keep a pending request. A request slower than the refresh interval would otherwise never end. */
export const KEEP_PENDING_REQUEST = { cancelRefetch: false } as const;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // Runs queries while offline too, because a paused query would show a skeleton instead of the error.
        networkMode: "always",
        retry: (failures, error) => failures < RETRIES && isRetriable(error),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
