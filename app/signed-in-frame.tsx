import type { ReactNode } from "react";
import { DashboardFrame } from "~/components/layout/dashboard-frame";
import { readPreferences } from "~/components/layout/preferences-server";
import { TRPCProvider } from "~/components/trpc/client";
import { type Caller, prefetch, rightsOf, signInProvider, trpc } from "~/server/trpc/server";
import { HydrateLayout } from "./hydrate-client";
import { PageZonesOfServer } from "./signed-in";

/** The navigation and the top bar around a page. `caller` is "unknown" if the session could not be verified. */
export async function SignedInFrame({ caller, children }: { caller: Caller; children: ReactNode }) {
  const [preferences, provider] = await Promise.all([readPreferences(), signInProvider()]);
  // Prefetched for the first paint, because a pause banner that appears later would move the page down.
  const pauseAll = trpc.pauseAll.get.queryOptions();
  await prefetch(pauseAll);
  const user = caller === "unknown" ? null : { email: caller.email ?? "", name: caller.name, role: caller.role };
  const rights = caller === "unknown" ? [] : rightsOf(caller);
  const scope = caller === "unknown" || caller.scope === undefined ? null : (caller.scopeLabel ?? "");
  return (
    <TRPCProvider>
      <PageZonesOfServer />
      <HydrateLayout queryKey={pauseAll.queryKey}>
        <DashboardFrame
          preferences={preferences}
          user={user}
          rights={rights}
          scope={scope}
          provider={provider}
          now={Date.now()}
        >
          {children}
        </DashboardFrame>
      </HydrateLayout>
    </TRPCProvider>
  );
}
