import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { executionListInput, executionParsers } from "../executions/search-params";

/** All state of the page; server and browser share these parsers. */
export const deadLettersParsers = {
  range: executionParsers.range.withDefault({ preset: "7d" }),
  q: executionParsers.q,
  topic: executionParsers.topic,
  cursor: executionParsers.cursor,
  open: executionParsers.open,
  tab: parseAsStringLiteral(["executions", "refused"]).withDefault("executions"),
  /** The refused message that is open. */
  message: parseAsString,
};
type DeadLettersParams = inferParserType<typeof deadLettersParsers>;
export const loadDeadLettersParams = createLoader(deadLettersParsers);

/** The page's input of `executions.list`: the dead letters. */
export function deadLettersInput(params: DeadLettersParams, nowMs: number) {
  const { range, q, topic, cursor } = params;
  const noFilters = { trigger: [], source: [], schedule: null, error: null, shape: null };
  const input = executionListInput({ range, q, topic, cursor, status: ["dead"], ...noFilters }, nowMs);
  return { ...input, decided: false };
}
