import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsNoScope } from "~/components/access/may";
import { readPreferences } from "~/components/layout/preferences-server";
import { FAILING, LAST_DAY, OVERDUE, openDeadLetters, UPCOMING } from "~/components/overview/inputs";
import { WallBoard } from "~/components/wall/wall-board";
import { WallFrame } from "~/components/wall/wall-frame";
import { hasScope, prefetch, trpc } from "~/server/trpc/server";
import { callerOrSignIn, PageZonesOfServer } from "../../signed-in";

export const metadata: Metadata = { title: "Wall board" };

/** The wall board: large figures without interaction, for a screen that nobody operates. */
export default async function WallPage() {
  const nowMs = Date.now();
  if (await hasScope()) return <NeedsNoScope title="The wall board is not shown" />;
  const [, preferences] = await Promise.all([callerOrSignIn(), readPreferences()]);
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.upcoming.queryOptions(UPCOMING),
    trpc.analytics.totals.queryOptions(LAST_DAY),
    trpc.schedules.count.queryOptions(OVERDUE),
    trpc.schedules.count.queryOptions(FAILING),
    trpc.executions.list.queryOptions(openDeadLetters(nowMs)),
  );
  return (
    <>
      <PageZonesOfServer />
      <WallFrame preferences={preferences} now={Date.now()}>
        <HydrateClient>
          <WallBoard />
        </HydrateClient>
      </WallFrame>
    </>
  );
}
