import type { Admin, ITopicConfig } from "kafkajs";
import { eventually } from "./stack";

/**
 * Creates topics and waits until each partition has a leader. The wait of kafkajs itself fails if the broker is busy.
 */
export async function createTopics(admin: Admin, input: { topics: ITopicConfig[] }): Promise<void> {
  await admin.createTopics({ topics: input.topics, waitForLeaders: false });
  const names = input.topics.map(({ topic }) => topic);
  const haveLeaders = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: names }).catch(() => ({ topics: [] }));
    const partitions = topics.flatMap((topic) => topic.partitions);
    return topics.length === names.length && partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)
      ? true
      : null;
  };
  await eventually(haveLeaders, { what: `leaders of ${names.join(", ")}` });
}
