import {
  createLoader,
  createParser,
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { undefinedIfEmpty } from "~/components/filters/undefined-if-empty";
import type { RouterInputs } from "~/components/trpc/client";
import { OWNER_PATTERN } from "~/server/domain/as-code/ownership";
import { SCHEDULE_STATUSES, SOURCES, TIERS } from "~/server/domain/choices";

export const SCHEDULE_TABS = ["all", "recurring", "one-time", "paused", "failing", "overdue"] as const;
export type ScheduleTab = (typeof SCHEDULE_TABS)[number];

const SORTS = ["name", "next_execution", "last_execution", "created_at", "updated_at", "error_count"] as const;
const SORT_VALUES = [...SORTS, ...SORTS.map((sort) => `-${sort}` as const)] as const;
export type SortValue = (typeof SORT_VALUES)[number];
export const DEFAULT_SORT: SortValue = "-created_at";
const PAGE_SIZE = 50;

const parseAsOwner = createParser<string>({
  parse: (text) => (OWNER_PATTERN.test(text) ? text : null),
  serialize: String,
});

/** All state of the schedules page; server and browser share these parsers. */
export const scheduleParsers = {
  tab: parseAsStringLiteral(SCHEDULE_TABS).withDefault("all"),
  q: parseAsString.withDefault(""),
  status: parseAsArrayOf(parseAsStringLiteral(SCHEDULE_STATUSES)).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  topic: parseAsArrayOf(parseAsString).withDefault([]),
  source: parseAsArrayOf(parseAsStringLiteral(SOURCES)).withDefault([]),
  tier: parseAsStringLiteral(TIERS),
  /** Set by links of other pages. The filter bar has no control for `owner`, `cron` and `zone`. */
  owner: parseAsOwner,
  cron: parseAsString,
  zone: parseAsString,
  sort: parseAsStringLiteral(SORT_VALUES).withDefault(DEFAULT_SORT),
  cursor: parseAsString,
};
export type ScheduleParams = inferParserType<typeof scheduleParsers>;

export const loadScheduleParams = createLoader(scheduleParsers);
export const scheduleUrl = createSerializer(scheduleParsers);

/** Clears all filters except the tab, and goes to the first page. The sort stays. */
export const NO_FILTERS = {
  q: null,
  status: null,
  tag: null,
  topic: null,
  source: null,
  tier: null,
  owner: null,
  cron: null,
  zone: null,
  cursor: null,
};

const TAB_FILTERS: Record<ScheduleTab, Partial<RouterInputs["schedules"]["list"]>> = {
  all: {},
  recurring: { kind: "recurring" },
  "one-time": { kind: "one_time" },
  // Includes disabled schedules, because they do not fire either.
  paused: { status: ["paused", "disabled"] },
  failing: { failing: true },
  overdue: { overdue: true },
};

/** The page's input of `schedules.list`. */
export function scheduleListInput(params: ScheduleParams): RouterInputs["schedules"]["list"] {
  return {
    q: params.q.trim() || undefined,
    status: undefinedIfEmpty(params.status),
    tag: undefinedIfEmpty(params.tag),
    topic: undefinedIfEmpty(params.topic),
    source: undefinedIfEmpty(params.source),
    tier: params.tier ?? undefined,
    owner: params.owner ?? undefined,
    cronExpression: params.cron ?? undefined,
    timezone: params.zone ?? undefined,
    ...TAB_FILTERS[params.tab],
    sort: params.sort,
    cursor: params.cursor ?? undefined,
    limit: PAGE_SIZE,
  };
}
