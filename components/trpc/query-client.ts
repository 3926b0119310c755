import { keepPreviousData, MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { callErrorOf, isPassing } from "./app-error";

const STALE_MS = 5000;
const RETRIES = 1;

/** Query options that keep the previous data while new data loads (filters, pages). */
export const KEEP_PREVIOUS = { placeholderData: keepPreviousData } as const;

/** `onSignedOut` is called when the session has ended. */
export function makeQueryClient(input: { onSignedOut: () => void }): QueryClient {
  const onError = (error: unknown) => {
    if (callErrorOf(error)?.code === "unauthenticated") input.onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // Offline too: a query that waits for the network would show a skeleton, where its error says what is wrong.
        networkMode: "always",
        retry: (failures, error) => failures < RETRIES && isPassing(error),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
