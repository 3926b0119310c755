import type { Metadata } from "next";
import { AdminsOnly } from "~/components/settings/admins-only";
import { UsersTable } from "~/components/settings/users-table";
import { currentPrincipal, HydrateClient, prefetch, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const principal = await currentPrincipal();
  if (principal?.role !== "admin") return <AdminsOnly what="Users" />;
  await prefetch(trpc.access.users.queryOptions());
  return (
    <HydrateClient>
      <UsersTable ownId={principal.id} />
    </HydrateClient>
  );
}
