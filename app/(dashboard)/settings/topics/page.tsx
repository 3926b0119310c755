import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { TopicSchemas } from "~/components/settings/topic-schemas";
import { prefetch, trpc } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Topics" };

export default async function TopicsPage() {
  await prefetch(trpc.topicSchemas.list.queryOptions());
  return (
    <HydrateClient>
      <TopicSchemas />
    </HydrateClient>
  );
}
