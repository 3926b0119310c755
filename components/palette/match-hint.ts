import { displayName, type Named } from "~/components/schedules/display-name";

type Found = Named & { topic: string; description: string; correlationId: string; tags: readonly string[] };

/**
 * The topic of a found schedule; if the words are in none of its name, topic and id, also the field that has them. The
 * search finds schedules by name, description, tag, id and correlation id.
 */
export function matchHint(schedule: Found, words: string): string {
  const { scheduleId, topic, description, correlationId, tags } = schedule;
  const wanted = words.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  if (has(displayName(schedule)) || has(topic) || has(scheduleId)) return topic;
  const tag = tags.find(has);
  if (tag !== undefined) return `tag ${tag} · ${topic}`;
  if (has(description)) return `in the description · ${topic}`;
  return has(correlationId) ? `correlation id ${correlationId} · ${topic}` : topic;
}
