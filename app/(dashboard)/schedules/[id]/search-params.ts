import { createLoader, createSerializer, parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { orNothing } from "~/components/filters/or-nothing";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import type { RouterInputs } from "~/components/trpc/client";
import { EXECUTION_STATES } from "../../executions/search-params";

export const DETAIL_TABS = ["overview", "executions", "upcoming", "payload"] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];
const PAGE_SIZE = 50;
/** How many executions the strip of the overview shows. */
export const STRIP_SIZE = 40;
export const UPCOMING_PREVIEW_SIZE = 10;
export const UPCOMING_MAX = 100;

export const detailParsers = {
  tab: parseAsStringLiteral(DETAIL_TABS).withDefault("overview"),
  status: parseAsArrayOf(parseAsStringLiteral(EXECUTION_STATES)).withDefault([]),
  cursor: parseAsString,
  /** The time of "Why didn't it fire?": a local time in the schedule's zone, or an instant. */
  why: parseAsString,
};
export const loadDetailParams = createLoader(detailParsers);
export const detailUrl = createSerializer(detailParsers);

/** The overview with the answer about one time. */
export function whyUrl(scheduleId: string, time: string): string {
  return `${detailUrl(`/schedules/${scheduleId}`, { why: time })}#${WHY_ANCHOR}`;
}

/** The query input of the executions tab: the whole history of one schedule, newest first. */
export function executionsInput(given: {
  scheduleId: string;
  status: readonly (typeof EXECUTION_STATES)[number][];
  cursor: string | null;
}): RouterInputs["executions"]["list"] {
  return {
    scheduleId: given.scheduleId,
    status: orNothing(given.status),
    cursor: given.cursor ?? undefined,
    limit: PAGE_SIZE,
  };
}
