import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { DETAIL_TABS } from "~/components/schedules/detail-tabs";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import type { RouterInputs } from "~/components/trpc/client";
import { analyticsParsers } from "../../analytics/search-params";
import { executionParsers, type HistoryParams, parseAsRange } from "../../executions/search-params";

const PAGE_SIZE = 50;
/** How many executions the strip "Recent runs" of the overview tab shows. */
export const STRIP_SIZE = 90;
export const UPCOMING_PREVIEW_SIZE = 10;
export const UPCOMING_MAX = 100;

export const detailParsers = {
  tab: parseAsStringLiteral(DETAIL_TABS).withDefault("overview"),
  cursor: parseAsString,
  /** The range of the analytics tab. */
  range: analyticsParsers.range,
  /** The version that is open. */
  version: parseAsInteger,
  /** The audit entry that is open. */
  entry: parseAsString,
  /** The time of "Why didn't it fire?": a local time in the schedule's zone, or an instant. */
  why: parseAsString,
  /** Whether a repeated create found this schedule, so that no second schedule was created. */
  existed: parseAsBoolean.withDefault(false),
};
export const loadDetailParams = createLoader(detailParsers);
export const detailUrl = createSerializer(detailParsers);

/** Returns the URL of the overview tab with the answer to "Why didn't it fire?" for `time`, a value of `why`. */
export function whyUrl(scheduleId: string, time: string): string {
  return `${detailUrl(`/schedules/${scheduleId}`, { why: time })}#${WHY_ANCHOR}`;
}

/** The query input of the activity tab. */
export function activityInput({
  scheduleId,
  cursor,
}: {
  scheduleId: string;
  cursor: string | null;
}): RouterInputs["audit"]["activity"] {
  return { scheduleId, cursor: cursor ?? undefined, limit: PAGE_SIZE };
}

const { q, status, trigger, error, sort, cursor, open } = executionParsers;
/** Parameters of the executions tab. The default range is 30 days, because most schedules fire rarely. */
export const historyParsers = {
  range: parseAsRange.withDefault({ preset: "30d" }),
  q,
  status,
  trigger,
  error,
  sort,
  cursor,
  open,
};
export type ScheduleHistoryParams = inferParserType<typeof historyParsers>;
export const loadHistoryParams = createLoader(historyParsers);

/** Clears the filters of the executions tab, and goes to the first page. */
export const NO_HISTORY_FILTERS = { q: null, status: null, trigger: null, error: null, cursor: null };

/** The executions page's parameters for the list of the tab. */
export function historyParamsOf(params: ScheduleHistoryParams, scheduleId: string): HistoryParams {
  return { ...params, topic: [], source: [], shape: null, schedule: scheduleId };
}
