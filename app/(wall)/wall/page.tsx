import type { Metadata } from "next";
import { readPreferences } from "~/components/layout/preferences-server";
import { WallFrame } from "~/components/wall/wall-frame";
import { callerOrSignIn, PageZonesScript } from "../../signed-in";

export const metadata: Metadata = { title: "Wall board" };

/** The wall board: large figures without interaction, for a screen that nobody operates. */
export default async function WallPage() {
  const [, preferences] = await Promise.all([callerOrSignIn(), readPreferences()]);
  return (
    <>
      <PageZonesScript />
      <WallFrame preferences={preferences} now={Date.now()} />
    </>
  );
}
