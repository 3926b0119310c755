import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { AdminsOnly } from "~/components/settings/admins-only";
import { NamespacesTable } from "~/components/settings/namespaces-table";
import { RolesTable } from "~/components/settings/roles-table";
import { currentPrincipal, prefetch, rightsOf, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Roles" };

export default async function RolesPage() {
  const principal = await currentPrincipal();
  if (!principal || !rightsOf(principal).includes("users:edit")) return <AdminsOnly pageTitle="Roles" />;
  await prefetch(trpc.access.roles.queryOptions(), trpc.access.namespaces.queryOptions());
  return (
    <HydrateClient>
      <div className="flex flex-col gap-8">
        <RolesTable />
        <NamespacesTable />
      </div>
    </HydrateClient>
  );
}
