import { z } from "zod";
import { Label, Line } from "../text";

/** Maximum number of protection rules, which every process keeps compiled. */
export const MAX_RULES = 100;
const MAX_PATHS = 50;
const MAX_PATTERNS = 20;
/** Maximum length of a path or a pattern, in characters. */
const MAX_LENGTH = 500;

/** A topic, or the beginning of topics: `payments.*`, or `*` for all. */
const TopicPattern = z
  .string()
  .regex(
    /^(?!\.{1,2}$)(?=.)[a-zA-Z0-9._-]{0,249}\*?$/,
    "must be a topic, or the beginning of topics with * at the end, such as payments.*",
  );

export const RuleTopic = z.strictObject({ topic: TopicPattern });
export type RuleTopic = z.infer<typeof RuleTopic>;

/** How the payloads of topics are protected. `compileRule` checks paths and patterns. */
export const ProtectionRule = RuleTopic.extend({
  /** JSONPath of masked values, such as `$.card.*`; `$headers.<name>` or `$headers.*` for headers. */
  paths: z.array(Label(MAX_LENGTH)).max(MAX_PATHS).default([]),
  /** Regular expressions. A text, a number or the value of a header with a match is masked. */
  patterns: z.array(Line(MAX_LENGTH).min(1)).max(MAX_PATTERNS).default([]),
  /** Payloads, and the headers in `paths`, are encrypted where they are stored. */
  encrypt: z.boolean().default(false),
});
export type ProtectionRule = z.infer<typeof ProtectionRule>;

export function appliesTo(rule: Pick<ProtectionRule, "topic">, topic: string): boolean {
  return rule.topic.endsWith("*") ? topic.startsWith(rule.topic.slice(0, -1)) : topic === rule.topic;
}
