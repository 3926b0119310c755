import type { ReactNode } from "react";
import { HydrateLayout } from "~/app/hydrate-client";
import { DashboardFrame } from "~/components/layout/dashboard-frame";
import { readPreferences } from "~/components/layout/preferences-server";
import { SessionUnverified } from "~/components/reach/session-unverified";
import { TRPCProvider } from "~/components/trpc/client";
import { prefetch, rightsOf, signInProvider, trpc } from "~/server/trpc/server";
import { callerOrSignIn, PageZonesOfServer } from "../signed-in";

/**
 * The layout of all signed-in pages with navigation. If Redis does not respond, the session cannot be verified, and
 * the frame is shown without the page.
 */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const [caller, preferences, provider] = await Promise.all([callerOrSignIn(), readPreferences(), signInProvider()]);
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
          {user ? children : <SessionUnverified />}
        </DashboardFrame>
      </HydrateLayout>
    </TRPCProvider>
  );
}
