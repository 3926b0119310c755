import {
  createLoader,
  createParser,
  type inferParserType,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsNumberLiteral,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { bucketSecondsFor } from "~/components/executions/histogram";
import {
  DEFAULT_RANGE,
  parseRange,
  resolveRange,
  serializeRange,
  type TimeRange,
} from "~/components/filters/time-range";
import { undefinedIfEmpty } from "~/components/filters/undefined-if-empty";
import type { RouterInputs } from "~/components/trpc/client";
import { OUTCOMES, SOURCES, TRIGGERS } from "~/server/domain/choices";
import type { FailureGroup } from "~/server/domain/views";

/** The options of the outcome filter: the outcomes, and `late` for executions that succeeded late. */
export const OUTCOME_FILTERS = [...OUTCOMES, "late"] as const;
export const IN_FLIGHT_STATES = ["running", "retrying", "pending", "held"] as const;
export const EXECUTION_VIEWS = ["history", "in-flight", "failures"] as const;
const PAGE_SIZE = 50;
const MINUTE_MS = 60_000;

/** A time range in the URL. */
export const parseAsRange = createParser<TimeRange>({
  parse: parseRange,
  serialize: serializeRange,
  eq: (a, b) => serializeRange(a) === serializeRange(b),
});

/** All state of the executions page; server and browser share these parsers. */
export const executionParsers = {
  view: parseAsStringLiteral(EXECUTION_VIEWS).withDefault("history"),
  state: parseAsArrayOf(parseAsStringLiteral(IN_FLIGHT_STATES)).withDefault([]),
  range: parseAsRange.withDefault(DEFAULT_RANGE),
  q: parseAsString.withDefault(""),
  status: parseAsArrayOf(parseAsStringLiteral(OUTCOME_FILTERS)).withDefault([]),
  topic: parseAsArrayOf(parseAsString).withDefault([]),
  trigger: parseAsArrayOf(parseAsStringLiteral(TRIGGERS)).withDefault([]),
  source: parseAsArrayOf(parseAsStringLiteral(SOURCES)).withDefault([]),
  schedule: parseAsString,
  error: parseAsString,
  shape: parseAsString,
  reason: parseAsString,
  retried: parseAsBoolean,
  correlation: parseAsString,
  /** The weekday, 1 is Monday, and the hour, on the clock of `zone`. */
  weekday: parseAsNumberLiteral([1, 2, 3, 4, 5, 6, 7]),
  hour: parseAsNumberLiteral(Array.from({ length: 24 }, (_, hour) => hour)),
  zone: parseAsString,
  sort: parseAsStringLiteral(["scheduled_for", "lateness"]).withDefault("scheduled_for"),
  cursor: parseAsString,
  /** The execution in the side sheet. */
  open: parseAsString,
};
export type ExecutionParams = inferParserType<typeof executionParsers>;
/** The parameters of the list of ended executions. */
export type HistoryParams = Omit<ExecutionParams, "view" | "state" | "open" | OptionalParam> &
  Partial<Pick<ExecutionParams, OptionalParam>>;
/** Parameters that other pages with executions may omit. */
type OptionalParam = "sort" | "reason" | "retried" | "correlation" | "weekday" | "hour" | "zone";
export const loadExecutionParams = createLoader(executionParsers);

/** Clears the filters of the history that the failures do not have. */
const NO_HISTORY_FILTERS = {
  status: null,
  error: null,
  shape: null,
  reason: null,
  retried: null,
  correlation: null,
  weekday: null,
  hour: null,
  zone: null,
};

/** Clears the filters of the history and of the failures except the range, and goes to the first page. */
export const NO_FILTERS = {
  ...NO_HISTORY_FILTERS,
  q: null,
  topic: null,
  trigger: null,
  source: null,
  schedule: null,
  cursor: null,
};

/**
 * The filter without paging. A relative range starts at a whole minute, so that the query input is stable for a minute,
 * and has no end, so that it includes executions that end now.
 */
export function executionFilter(params: HistoryParams, nowMs: number) {
  const { from, to } = resolveRange(params.range, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
  return {
    from: new Date(from).toISOString(),
    to: "preset" in params.range ? undefined : new Date(to).toISOString(),
    q: params.q.trim() || undefined,
    status: undefinedIfEmpty(params.status),
    topic: undefinedIfEmpty(params.topic),
    trigger: undefinedIfEmpty(params.trigger),
    source: undefinedIfEmpty(params.source),
    scheduleId: params.schedule ?? undefined,
    errorClass: params.error ?? undefined,
    errorShape: params.shape ?? undefined,
    reason: params.reason ?? undefined,
    retried: params.retried ?? undefined,
    correlationId: params.correlation ?? undefined,
    weekday: params.weekday ?? undefined,
    hour: params.hour ?? undefined,
    timezone: params.zone ?? undefined,
  };
}

/** The page's input of `executions.histogram`. */
export function histogramInput(params: HistoryParams, nowMs: number) {
  const { from, to } = resolveRange(params.range, nowMs);
  return { ...executionFilter(params, nowMs), bucketSeconds: bucketSecondsFor(to - from) };
}

/** The page's input of `executions.inFlight`. */
export function inFlightInput(params: ExecutionParams): RouterInputs["executions"]["inFlight"] {
  return { status: undefinedIfEmpty(params.state), topic: params.topic[0], scheduleId: params.schedule ?? undefined };
}

/** The page's input of `executions.failures`: range, search, topics, triggers, sources and schedule. */
export function failuresInput(params: HistoryParams, nowMs: number): RouterInputs["executions"]["failures"] {
  const { from, to, q, topic, trigger, source, scheduleId } = executionFilter(params, nowMs);
  return { from, to, q, topic, trigger, source, scheduleId };
}

/** Selects the dead letters of a group of failures: those that the group counts as open. */
export function failureGroupFilter({ errorClass, shape }: GroupError, params: HistoryParams, nowMs: number) {
  return { ...failuresInput(params, nowMs), errorClass: errorClass ?? undefined, errorShape: shape };
}

/** The parameters to set to open the history with the executions of a group of failures. */
export function failureGroupParams({ errorClass, shape }: GroupError) {
  return {
    ...NO_HISTORY_FILTERS,
    view: "history" as const,
    status: ["dead" as const],
    error: errorClass,
    shape: shape || null,
    cursor: null,
  };
}
type GroupError = Pick<FailureGroup, "errorClass" | "shape">;

/** The page's input of `executions.list`. */
export function executionListInput(params: HistoryParams, nowMs: number): RouterInputs["executions"]["list"] {
  const sort = params.sort === "lateness" ? params.sort : undefined;
  return { ...executionFilter(params, nowMs), sort, cursor: params.cursor ?? undefined, limit: PAGE_SIZE };
}
