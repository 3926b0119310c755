import { z } from "zod";
import type { BusFacts, BusGroup } from "~/server/ports/bus";
import { addressOf } from "../connection/client";
import type { Redis } from "../connection/redis-types";
import { awaitReply } from "./connection";

const Groups = z.array(z.array(z.union([z.string(), z.number(), z.null()])));

/** Describes the streams of topics, and a consumer group. A stream counts as one partition with one replica. */
export async function inspectStreams(input: {
  connection: Redis;
  keyOf: (topic: string) => string;
  timeoutMs: number;
  topics: readonly string[];
  group: BusGroup;
}): Promise<BusFacts> {
  const { connection, keyOf, timeoutMs, topics, group } = input;
  const ask = <T>(reply: Promise<T>) => awaitReply(connection, { reply, timeoutMs });
  const isStream = async (topic: string) => (await ask(connection.type(keyOf(topic)))) === "stream";
  const existing = await Promise.all(topics.map(isStream));
  const hasTopic = await isStream(group.topic);
  const groups = hasTopic ? Groups.parse(await ask(connection.call("XINFO", "GROUPS", keyOf(group.topic)))) : [];
  const found = groups.map(fieldsOf).find(({ name }) => name === group.group);
  // Before Redis 7, and after some deletions, Redis does not know the number of unread entries.
  const lag = typeof found?.lag === "number" ? found.lag + Number(found.pending ?? 0) : null;
  return {
    kind: "redis_streams",
    brokers: addressOf(connection).split(", "),
    topics: topics.map((topic, i) => ({ topic, partitions: existing[i] ? 1 : 0, replicas: existing[i] ? 1 : 0 })),
    group: { ...group, state: found ? "present" : "missing", members: Number(found?.consumers ?? 0), lag },
  };
}

function fieldsOf(flat: readonly (string | number | null)[]): Record<string, string | number | null> {
  return Object.fromEntries(
    flat.flatMap((name, i) => (i % 2 === 0 ? [[String(name), flat[i + 1] as string | number | null]] : [])),
  );
}
