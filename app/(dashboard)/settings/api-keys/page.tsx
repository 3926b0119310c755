import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { ApiKeysTable } from "~/components/settings/api-keys-table";
import { RightNeeded } from "~/components/settings/right-needed";
import { ServiceAccountsTable } from "~/components/settings/service-accounts-table";
import { currentPrincipal, prefetch, rightsOf, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage() {
  const principal = await currentPrincipal();
  if (!principal || !rightsOf(principal).includes("keys:edit"))
    return <RightNeeded things="API keys" right="keys:edit" />;
  await prefetch(trpc.access.apiKeys.queryOptions());
  return (
    <HydrateClient>
      <div className="flex flex-col gap-8">
        <ApiKeysTable />
        <ServiceAccountsTable />
      </div>
    </HydrateClient>
  );
}
