"use client";

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import { signInAgain } from "~/components/access/session-end";
import type { AppRouter, RouterInputs, RouterOutputs } from "~/server/trpc/router";
import { CHANGES } from "./changes-on-their-way";
import { makeQueryClient } from "./query-client";
import { sendUntilSignedIn } from "./until-signed-in";

export type { RouterInputs, RouterOutputs };

const TRPC_PATH = "/api/trpc";
/** In characters. Some proxies truncate longer query strings, so the client splits larger batches. */
const MAX_URL_LENGTH = 4000;
/** The server refuses batches of more than 50 calls. */
const MAX_CALLS = 40;

const context = createTRPCContext<AppRouter>();

/** Options of every procedure, for `useQuery`, `useMutation` and `useSubscription`. */
export const { useTRPC, useTRPCClient } = context;

/** Counts changes, so that a call that was refused during a change can wait for the end of the change. */
const changesLink: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) => {
    if (op.type !== "mutation") return next(op);
    return observable((observer) => {
      const end = CHANGES.begin();
      const sending = next(op).subscribe({
        next: (value) => observer.next(value),
        error: (error) => {
          end();
          observer.error(error);
        },
        complete: () => {
          end();
          observer.complete();
        },
      });
      return () => {
        end();
        sending.unsubscribe();
      };
    });
  };

const signInLink: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) =>
    observable((observer) =>
      sendUntilSignedIn({
        send: (to) => next(op).subscribe(to),
        observer,
        isAnswer: ({ result }) => result.type === undefined || result.type === "data",
        signInAgain,
        changesEnded: CHANGES.ended,
      }),
    );

let browserClient: QueryClient | undefined;

/** In the browser, one cache until the next reload. On the server, one for each render, so that users share no data. */
function currentQueryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  browserClient ??= makeQueryClient();
  return browserClient;
}

function makeClient() {
  return createTRPCClient<AppRouter>({
    links: [
      signInLink,
      // After the sign-in link: a refused change has ended, so it does not wait for itself.
      changesLink,
      splitLink({
        condition: (op) => op.type === "subscription",
        true: httpSubscriptionLink({ url: TRPC_PATH }),
        // Streamed, so that a slow query does not delay the other queries of its batch.
        false: httpBatchStreamLink({ url: TRPC_PATH, maxURLLength: MAX_URL_LENGTH, maxItems: MAX_CALLS }),
      }),
    ],
  });
}

export function TRPCProvider({ children }: { children: ReactNode }) {
  const queryClient = currentQueryClient();
  const [trpcClient] = useState(makeClient);
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}
