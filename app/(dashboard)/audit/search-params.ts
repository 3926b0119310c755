import {
  createLoader,
  type inferParserType,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { resolveRange } from "~/components/filters/time-range";
import { undefinedIfEmpty } from "~/components/filters/undefined-if-empty";
import type { RouterInputs } from "~/components/trpc/client";
import { AUDIT_RESULTS } from "~/server/domain/audit/results";
import { AUDIT_VERBS } from "~/server/domain/audit/verbs";
import { parseAsRange } from "../executions/search-params";

const PAGE_SIZE = 50;
const MINUTE_MS = 60_000;

/** All state of the audit page; server and browser share these parsers. */
export const auditParsers = {
  range: parseAsRange.withDefault({ preset: "7d" }),
  actor: parseAsString.withDefault(""),
  verb: parseAsArrayOf(parseAsStringLiteral(AUDIT_VERBS)).withDefault([]),
  target: parseAsString.withDefault(""),
  result: parseAsStringLiteral(AUDIT_RESULTS),
  /** Shows each schedule of a bulk job, not only the job. */
  each: parseAsBoolean.withDefault(false),
  cursor: parseAsString,
  /** The entry that is open. */
  entry: parseAsString,
};
export type AuditParams = inferParserType<typeof auditParsers>;
export const loadAuditParams = createLoader(auditParsers);

/** Clears all filters except the range, and goes to the first page. */
export const NO_FILTERS = {
  actor: null,
  verb: null,
  target: null,
  result: null,
  each: null,
  cursor: null,
  entry: null,
};

/**
 * The filter without paging. A relative range starts at a whole minute, so that the query input changes only once a
 * minute, and has no end, so that new entries match.
 */
export function auditFilter(params: AuditParams, nowMs: number) {
  const { from, to } = resolveRange(params.range, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
  const target = params.target.trim();
  return {
    from: new Date(from).toISOString(),
    to: "preset" in params.range ? undefined : new Date(to).toISOString(),
    actor: params.actor.trim() || undefined,
    verb: undefinedIfEmpty(params.verb),
    target: target || undefined,
    result: params.result ?? undefined,
    // With a target, also list the entries that bulk jobs wrote for it.
    bulkItems: params.each || target !== "",
  };
}

/** The page's input of `audit.list`. */
export function auditListInput(params: AuditParams, nowMs: number): RouterInputs["audit"]["list"] {
  return { ...auditFilter(params, nowMs), cursor: params.cursor ?? undefined, limit: PAGE_SIZE };
}
