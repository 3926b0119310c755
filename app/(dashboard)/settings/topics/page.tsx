import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { ProtectionRules } from "~/components/settings/protection-rules";
import { TopicSchemas } from "~/components/settings/topic-schemas";
import { prefetch, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Topic rules" };

export default async function TopicsPage() {
  await prefetch(trpc.topicSchemas.list.queryOptions(), trpc.protection.list.queryOptions());
  return (
    <HydrateClient>
      <div className="flex flex-col gap-10">
        <TopicSchemas />
        <ProtectionRules />
      </div>
    </HydrateClient>
  );
}
