import type { Admin } from "kafkajs";
import type { BusFacts, BusGroup } from "~/server/ports/bus";

/** Describes topics and a consumer group. `lag` counts the messages after the committed offsets. */
export async function inspectKafka(
  admin: Admin,
  input: { topics: readonly string[]; group: BusGroup },
): Promise<BusFacts> {
  const { topics, group } = input;
  // Metadata of a topic that does not exist is an error of the whole request.
  const [cluster, existing] = await Promise.all([admin.describeCluster(), admin.listTopics()]);
  const known = topics.filter((topic) => existing.includes(topic));
  const [metadata, described, lag] = await Promise.all([
    known.length === 0 ? [] : admin.fetchTopicMetadata({ topics: known }).then((found) => found.topics),
    admin.describeGroups([group.group]).then(({ groups }) => groups[0]),
    existing.includes(group.topic) ? lagOf(admin, group) : 0,
  ]);
  return {
    kind: "kafka",
    brokers: cluster.brokers.map(({ host, port }) => `${host}:${port}`),
    topics: topics.map((topic) => {
      const partitions = metadata.find(({ name }) => name === topic)?.partitions ?? [];
      const replicas = partitions.length === 0 ? 0 : Math.min(...partitions.map((one) => one.replicas.length));
      return { topic, partitions: partitions.length, replicas };
    }),
    group: { ...group, state: described?.state ?? "unknown", members: described?.members.length ?? 0, lag },
  };
}

async function lagOf(admin: Admin, { group, topic }: BusGroup): Promise<number> {
  const [ends, committed] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ]);
  const offsets = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends.reduce((sum, { partition, high, low }) => {
    // -1: the group has read nothing of the partition.
    const offset = offsets.get(partition) ?? -1;
    return sum + Math.max(0, Number(high) - Math.max(offset, Number(low)));
  }, 0);
}
