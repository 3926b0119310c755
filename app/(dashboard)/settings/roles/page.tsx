import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { BuiltInRoles } from "~/components/settings/built-in-roles";
import { NamespacesTable } from "~/components/settings/namespaces-table";
import { RightNeeded } from "~/components/settings/right-needed";
import { RolesTable } from "~/components/settings/roles-table";
import { currentPrincipal, prefetch, rightsOf, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Roles" };

export default async function RolesPage() {
  const principal = await currentPrincipal();
  if (!principal || !rightsOf(principal).includes("users:edit"))
    return <RightNeeded things="roles" right="users:edit" />;
  await prefetch(trpc.access.roles.queryOptions(), trpc.access.namespaces.queryOptions());
  return (
    <HydrateClient>
      <div className="flex flex-col gap-8">
        <BuiltInRoles />
        <RolesTable />
        <NamespacesTable />
      </div>
    </HydrateClient>
  );
}
