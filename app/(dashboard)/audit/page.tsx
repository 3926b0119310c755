import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { AuditClient } from "./client";
import { auditListInput, loadAuditParams } from "./search-params";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadAuditParams(searchParams);
  await prefetch(trpc.audit.list.queryOptions(auditListInput(params, Date.now())));
  return (
    <HydrateClient>
      <AuditClient />
    </HydrateClient>
  );
}
