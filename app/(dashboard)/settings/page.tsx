import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { SettingsForm } from "~/components/settings/settings-form";
import { currentPrincipal, prefetch, rightsOf, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const [principal] = await Promise.all([currentPrincipal(), prefetch(trpc.settings.list.queryOptions())]);
  return (
    <HydrateClient>
      <SettingsForm mayChange={principal !== null && rightsOf(principal).includes("settings:edit")} />
    </HydrateClient>
  );
}
