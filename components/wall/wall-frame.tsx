"use client";

import type { ReactNode } from "react";
import type { Preferences } from "~/components/layout/preferences";
import { PreferencesProvider } from "~/components/layout/preferences-provider";
import { ReachProvider } from "~/components/reach/reach-provider";
import { TRPCProvider } from "~/components/trpc/client";
import { DisplayZoneProvider } from "~/components/ui/time";

/** The providers of the wall board, which has no navigation. */
export function WallFrame({
  preferences,
  now,
  children,
}: {
  preferences: Preferences;
  now: number;
  children: ReactNode;
}) {
  const { zone, hour12 } = preferences;
  return (
    <TRPCProvider>
      <PreferencesProvider preferences={preferences}>
        <DisplayZoneProvider zone={zone} hour12={hour12} now={now}>
          <ReachProvider>{children}</ReachProvider>
        </DisplayZoneProvider>
      </PreferencesProvider>
    </TRPCProvider>
  );
}
