import { displayName, type Named } from "~/components/schedules/display-name";

type Found = Named & { topic: string; entityType: string; action: string; tags: readonly string[] };

/** The topic of a found schedule; if name and topic lack the words, also the type, action or tag that has them. */
export function matchHint(schedule: Found, words: string): string {
  const { topic, entityType, action, tags } = schedule;
  const wanted = words.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  if (has(displayName(schedule)) || has(topic)) return topic;
  const tag = tags.find(has);
  const field = has(entityType)
    ? `type ${entityType}`
    : has(action)
      ? `action ${action}`
      : tag === undefined
        ? null
        : `tag ${tag}`;
  return field === null ? topic : `${field} · ${topic}`;
}
