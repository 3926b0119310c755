import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { resolveRange, serializeRange } from "~/components/filters/time-range";
import type { RouterInputs } from "~/components/trpc/client";
import { SOURCES } from "~/server/domain/choices";
import { executionParsers } from "../executions/search-params";

/** The filters of all tiles, with the names of the executions page so that links can keep the filters. */
export const analyticsParsers = {
  range: executionParsers.range,
  topic: parseAsString,
  source: parseAsStringLiteral(SOURCES),
  schedule: parseAsString,
};
export type AnalyticsParams = inferParserType<typeof analyticsParsers>;
export const loadAnalyticsParams = createLoader(analyticsParsers);

const HOUR_MS = 3_600_000;

/** The query input of every tile. */
export function analyticsInput(params: AnalyticsParams): RouterInputs["analytics"]["summary"] {
  const { range } = params;
  // Only the length of a relative range is used, so its end can be any time, such as 0.
  const { from, to } = resolveRange(range, 0);
  const span =
    "preset" in range
      ? { hours: (to - from) / HOUR_MS }
      : { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return {
    ...span,
    topic: params.topic ?? undefined,
    source: params.source ?? undefined,
    scheduleId: params.schedule ?? undefined,
  };
}

/** Returns the link to the executions that a figure counts: the current filters plus `more`. */
export function executionsHref(params: AnalyticsParams, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ range: serializeRange(params.range) });
  for (const name of ["topic", "source", "schedule"] as const) if (params[name]) query.set(name, params[name]);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `/executions?${query}`;
}
