"use client";

import type { Preferences } from "~/components/layout/preferences";
import { PreferencesProvider } from "~/components/layout/preferences-provider";
import { ReachProvider } from "~/components/reach/reach-provider";
import { TRPCProvider } from "~/components/trpc/client";
import { DisplayZoneProvider } from "~/components/ui/time";
import { WallBoard } from "./wall-board";

/** The wall board with its providers; it has no navigation. */
export function WallFrame({ preferences, now }: { preferences: Preferences; now: number }) {
  const { zone, hour12 } = preferences;
  return (
    <TRPCProvider>
      <PreferencesProvider preferences={preferences}>
        <DisplayZoneProvider zone={zone} hour12={hour12} now={now}>
          <ReachProvider>
            <WallBoard />
          </ReachProvider>
        </DisplayZoneProvider>
      </PreferencesProvider>
    </TRPCProvider>
  );
}
