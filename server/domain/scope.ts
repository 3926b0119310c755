import { z } from "zod";
import { TOPIC_PATTERN } from "./schedule";
import { Line } from "./text";

/** The beginnings of the topics that a caller may see. A caller without a scope sees all topics. */
export type TopicPrefixes = readonly string[];

/** Whether a topic is in scope; null is no restriction. */
export function isInScope(scope: TopicPrefixes | null | undefined, topic: string): boolean {
  return scope == null || scope.some((prefix) => topic.startsWith(prefix));
}

/** Sorts the prefixes, and drops prefixes that another prefix covers. */
export function compactPrefixes(prefixes: TopicPrefixes): string[] {
  const sorted = [...new Set(prefixes)].sort();
  return sorted.filter((prefix) => !sorted.some((other) => other !== prefix && prefix.startsWith(other)));
}

const MAX_PREFIXES = 100;
const MAX_NAMESPACES = 50;
const MAX_NAME_LENGTH = 40;

/** The name of a role, a namespace or a service account. The name is the id, so the name does not change. */
export const DirectoryName = z
  .string()
  .trim()
  .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`)
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/,
    "must be lower-case letters, digits, - and _, and begin and end with a letter or digit, such as billing-editor",
  );

export const Description = Line(200).default("");

/** The beginning of topic names, such as `billing.`, compared literally. */
const TopicPrefix = z.string().trim().max(249).regex(TOPIC_PATTERN, "must begin a topic name, such as billing.");

export const PrefixList = z
  .array(TopicPrefix)
  .max(MAX_PREFIXES, `must have at most ${MAX_PREFIXES} entries`)
  .transform(compactPrefixes);

/** A scope as it is stored and sent: namespaces, topic prefixes or both. */
export const Scope = z
  .strictObject({
    namespaces: z.array(DirectoryName).max(MAX_NAMESPACES, `must have at most ${MAX_NAMESPACES} entries`).default([]),
    topicPrefixes: PrefixList.default([]),
  })
  .refine(({ namespaces, topicPrefixes }) => namespaces.length + topicPrefixes.length > 0, {
    error: "must name at least one namespace or topic prefix",
  });
export type Scope = z.infer<typeof Scope>;
