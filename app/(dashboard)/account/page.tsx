import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { roleLabel } from "~/components/settings/role-options";
import { PageHeader } from "~/components/ui/page-header";
import { currentPrincipal, prefetch, trpc } from "~/server/trpc/server";
import { AccountClient } from "./client";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const [principal] = await Promise.all([
    currentPrincipal(),
    prefetch(
      trpc.access.sessions.queryOptions(),
      trpc.access.secondFactor.queryOptions(),
      trpc.access.passkeys.queryOptions(),
    ),
  ]);
  return (
    <HydrateClient>
      <PageHeader
        title={principal?.name ?? "Account"}
        description={[principal?.email, principal && roleLabel(principal.role)].filter(Boolean).join(" · ")}
      />
      <AccountClient />
    </HydrateClient>
  );
}
