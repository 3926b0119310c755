import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { RightNeeded } from "~/components/settings/right-needed";
import { UsersTable } from "~/components/settings/users-table";
import { currentPrincipal, prefetch, rightsOf, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const principal = await currentPrincipal();
  if (!principal || !rightsOf(principal).includes("users:edit"))
    return <RightNeeded things="users" right="users:edit" />;
  await prefetch(trpc.access.users.queryOptions());
  return (
    <HydrateClient>
      <UsersTable ownId={principal.id} />
    </HydrateClient>
  );
}
