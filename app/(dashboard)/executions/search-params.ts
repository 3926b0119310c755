import {
  createLoader,
  createParser,
  type inferParserType,
  parseAsArrayOf,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { orNothing } from "~/components/filters/or-nothing";
import {
  DEFAULT_RANGE,
  parseRange,
  resolveRange,
  serializeRange,
  type TimeRange,
} from "~/components/filters/time-range";
import type { RouterInputs } from "~/components/trpc/client";
import { OUTCOMES, SOURCES, TRIGGERS } from "~/server/domain/choices";

export const EXECUTION_STATES = [...OUTCOMES, "late"] as const;
const PAGE_SIZE = 50;
const MINUTE_MS = 60_000;

const parseAsRange = createParser<TimeRange>({
  parse: parseRange,
  serialize: serializeRange,
  eq: (a, b) => serializeRange(a) === serializeRange(b),
});

/** All state of the executions page; server and browser share these parsers. */
export const executionParsers = {
  range: parseAsRange.withDefault(DEFAULT_RANGE),
  q: parseAsString.withDefault(""),
  status: parseAsArrayOf(parseAsStringLiteral(EXECUTION_STATES)).withDefault([]),
  topic: parseAsArrayOf(parseAsString).withDefault([]),
  trigger: parseAsArrayOf(parseAsStringLiteral(TRIGGERS)).withDefault([]),
  source: parseAsArrayOf(parseAsStringLiteral(SOURCES)).withDefault([]),
  schedule: parseAsString,
  error: parseAsString,
  cursor: parseAsString,
};
export type ExecutionParams = inferParserType<typeof executionParsers>;
export const loadExecutionParams = createLoader(executionParsers);

/** Clears all filters but the range, and goes to the first page. */
export const NO_FILTERS = {
  q: null,
  status: null,
  topic: null,
  trigger: null,
  source: null,
  schedule: null,
  error: null,
  cursor: null,
};

/**
 * The filter without paging. A moving window starts at a whole minute, so that the query input is stable for a minute,
 * and has no end, so that it includes executions that end now.
 */
export function executionFilter(params: ExecutionParams, nowMs: number) {
  const { from, to } = resolveRange(params.range, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
  return {
    from: new Date(from).toISOString(),
    to: "preset" in params.range ? undefined : new Date(to).toISOString(),
    q: params.q.trim() || undefined,
    status: orNothing(params.status),
    topic: orNothing(params.topic),
    trigger: orNothing(params.trigger),
    source: orNothing(params.source),
    scheduleId: params.schedule ?? undefined,
    errorClass: params.error ?? undefined,
  };
}

/** The page's input of `executions.list`. */
export function executionListInput(params: ExecutionParams, nowMs: number): RouterInputs["executions"]["list"] {
  return { ...executionFilter(params, nowMs), cursor: params.cursor ?? undefined, limit: PAGE_SIZE };
}
