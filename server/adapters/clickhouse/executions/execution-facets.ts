import { z } from "zod";
import type { ExecutionFacet, FacetCount } from "~/server/domain/views";
import type { ExecutionQuery, RollupScope } from "~/server/ports/store/executions";
import type { ClickHouse } from "../connection/client";
import { executionWhere } from "./executions-table";
import { rollupCounts } from "./facet-rollups";

const Row = z.object({ value: z.string(), label: z.string(), n: z.int() });
const TopRow = z.object({ ids: z.array(z.string()) });
/** Maximum number of values in an answer. */
const MAX_VALUES = 50;
/**
 * Maximum number of values to count at the same time. In the facet `schedule`, a schedule with more than one in this
 * many executions is always found; in other facets, values found later are left out.
 */
const MAX_GROUPS = 10_000;

const COLUMNS: Record<Exclude<ExecutionFacet, "schedule">, string> = {
  // A late success counts as succeeded and as late.
  status: "arrayJoin(if(late, ['succeeded', 'late'], [toString(outcome)]))",
  topic: "toString(topic)",
  trigger: "toString(trigger)",
  source: "toString(source)",
  errorClass: "ifNull(toString(error_class), '')",
};

/** A facet ignores its own filter, so that values that are not chosen are counted too. */
const WITHOUT_OWN_FILTER: Record<ExecutionFacet, Partial<ExecutionQuery>> = {
  status: { status: undefined, late: undefined },
  topic: { topic: undefined },
  trigger: { trigger: undefined },
  source: { source: undefined },
  errorClass: { errorClass: undefined, errorShape: undefined },
  schedule: { scheduleId: undefined },
};

/** The schedule's name or, if it has none, its event in the format of the pages. */
const NAME = "ifNull(any(schedule_name), any(concat(toString(entity_type), '.', toString(action))))";

/**
 * The most frequent values of a facet among the executions of a query. Reads the roll-ups if they can answer the query
 * (`rollupCounts`), otherwise the ledger. Ledger counts are approximate: duplicates may not be merged yet.
 */
export async function executionFacet(
  client: ClickHouse,
  input: {
    facet: ExecutionFacet;
    query: Omit<ExecutionQuery, "limit" | "cursor" | "sort">;
    scope: RollupScope | undefined;
  },
): Promise<FacetCount[]> {
  const { facet, scope } = input;
  const query = { ...input.query, ...WITHOUT_OWN_FILTER[facet] };
  const counts = scope === undefined ? null : rollupCounts(facet, query, scope);
  const rows = await (counts === null
    ? countRows(client, facet, query)
    : client.select(Row, {
        sql: `SELECT value, '' AS label, sum(counted) AS n FROM (${counts.sql}) GROUP BY value
          HAVING value != '' AND n > 0 ORDER BY n DESC, value LIMIT ${MAX_VALUES}`,
        params: counts.params,
      }));
  return rows.map(({ value, label, n }) => ({ value, label: label === "" ? null : label, count: n }));
}

function countRows(
  client: ClickHouse,
  facet: ExecutionFacet,
  query: Omit<ExecutionQuery, "limit" | "cursor" | "sort">,
): Promise<z.infer<typeof Row>[]> {
  if (facet === "schedule") return countSchedules(client, query);
  const where = executionWhere(query);
  return client.select(Row, {
    sql: `SELECT ${COLUMNS[facet]} AS value, '' AS label, count() AS n
      FROM schedule_execution_results WHERE ${where} GROUP BY value
      HAVING value != '' ORDER BY n DESC, value LIMIT ${MAX_VALUES}`,
    params: where.params,
    settings: { max_rows_to_group_by: String(MAX_GROUPS), group_by_overflow_mode: "any" },
  });
}

/**
 * Finds the schedules with the most executions approximately, in bounded memory, then counts the rows of each.
 */
async function countSchedules(
  client: ClickHouse,
  query: Omit<ExecutionQuery, "limit" | "cursor" | "sort">,
): Promise<z.infer<typeof Row>[]> {
  const where = executionWhere(query);
  const [top] = await client.select(TopRow, {
    sql: `SELECT arrayMap(one -> one.1, approx_top_k(${MAX_VALUES}, ${MAX_GROUPS})(schedule_id)) AS ids
      FROM schedule_execution_results WHERE ${where}`,
    params: where.params,
  });
  if (top === undefined || top.ids.length === 0) return [];
  where.and("schedule_id IN {top_ids:Array(String)}", { top_ids: top.ids });
  return client.select(Row, {
    sql: `SELECT schedule_id AS value, ${NAME} AS label, count() AS n
      FROM schedule_execution_results WHERE ${where} GROUP BY value ORDER BY n DESC, value`,
    params: where.params,
  });
}
