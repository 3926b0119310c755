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
import {
  DEFAULT_UPCOMING,
  parseUpcoming,
  rangeInput,
  serializeUpcoming,
  type UpcomingRange,
} from "~/components/upcoming/range";

const parseAsUpcoming = createParser<UpcomingRange>({
  parse: parseUpcoming,
  serialize: serializeUpcoming,
  eq: (a, b) => serializeUpcoming(a) === serializeUpcoming(b),
});

/** All state of the page; server and browser share these parsers. */
export const upcomingParsers = {
  range: parseAsUpcoming.withDefault(DEFAULT_UPCOMING),
  topic: parseAsArrayOf(parseAsString).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  tab: parseAsStringLiteral(["load", "firings", "outage"]).withDefault("load"),
  /** How the load is divided. */
  by: parseAsStringLiteral(["topic", "tag"]).withDefault("topic"),
  cursor: parseAsString,
  /** The simulated outage. */
  down: parseAsUpcoming,
};
export type UpcomingParams = inferParserType<typeof upcomingParsers>;
export const loadUpcomingParams = createLoader(upcomingParsers);
export const upcomingUrl = createSerializer(upcomingParsers);

/** The filter of the counted schedules. */
export const filterOf = ({ topic, tag }: UpcomingParams) => ({
  topic: undefinedIfEmpty(topic),
  tag: undefinedIfEmpty(tag),
});

/** The page's input of `upcoming.load`. */
export function loadInput(params: UpcomingParams, timezone: string): RouterInputs["upcoming"]["load"] {
  return { ...rangeInput(params.range), ...filterOf(params), timezone, by: params.by };
}

const PAGE_SIZE = 50;

export const exportFilter = (params: UpcomingParams) => ({ ...rangeInput(params.range), ...filterOf(params) });

/** The page's input of `upcoming.firings`. */
export function firingsInput(params: UpcomingParams): RouterInputs["upcoming"]["firings"] {
  return { ...exportFilter(params), cursor: params.cursor ?? undefined, limit: PAGE_SIZE };
}

const HOUR_MS = 3_600_000;

/** The page's input of `upcoming.outage`. The default outage starts in one to two hours and lasts two hours. */
export function outageInput(params: UpcomingParams, nowMs: number): RouterInputs["upcoming"]["outage"] {
  const { down } = params;
  // Not the next full hour, because that hour could begin while the page is open.
  const startMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS + 2 * HOUR_MS;
  const { from, to } = down && "from" in down ? down : { from: startMs, to: startMs + 2 * HOUR_MS };
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...filterOf(params) };
}
