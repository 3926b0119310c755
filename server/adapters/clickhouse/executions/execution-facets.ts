import { z } from "zod";
import type { ExecutionFacet, FacetCount } from "~/server/domain/views";
import type { ExecutionQuery, RollupScope } from "~/server/ports/store/executions";
import type { ClickHouse } from "../connection/client";
import { executionWhere } from "./executions-table";
import { rollupCounts } from "./facet-rollups";

const Row = z.object({ value: z.string(), label: z.string(), n: z.int() });
/** Maximum number of values in an answer. */
const MAX_VALUES = 50;
/** Maximum number of values to count; values found after these are left out. A range may have millions of schedules. */
const MAX_GROUPS = 10_000;

const COLUMNS: Record<ExecutionFacet, string> = {
  // A late success counts as both.
  status: "arrayJoin(if(late, ['succeeded', 'late'], [toString(outcome)]))",
  topic: "toString(topic)",
  trigger: "toString(trigger)",
  source: "toString(source)",
  errorClass: "ifNull(toString(error_class), '')",
  schedule: "schedule_id",
};

/** Each facet leaves its own filter out, so that it also counts the values that are not chosen. */
const WITHOUT_OWN_FILTER: Record<ExecutionFacet, Partial<ExecutionQuery>> = {
  status: { status: undefined, late: undefined },
  topic: { topic: undefined },
  trigger: { trigger: undefined },
  source: { source: undefined },
  errorClass: { errorClass: undefined, errorShape: undefined },
  schedule: { scheduleId: undefined },
};

/** A schedule's name, otherwise its event, as pages show it. */
const NAME = "ifNull(any(schedule_name), any(concat(toString(entity_type), '.', toString(action))))";

/**
 * The most frequent values of a facet among the executions of a query: from the roll-ups if they have the columns of
 * the query's filter, otherwise counted row by row. Rows may be duplicates that are not merged yet, so the counts are
 * approximate.
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
  const where = executionWhere(query);
  return client.select(Row, {
    sql: `SELECT ${COLUMNS[facet]} AS value, ${facet === "schedule" ? NAME : "''"} AS label,
        count() AS n
      FROM schedule_execution_results WHERE ${where} GROUP BY value
      HAVING value != '' ORDER BY n DESC, value LIMIT ${MAX_VALUES}`,
    params: where.params,
    settings: { max_rows_to_group_by: String(MAX_GROUPS), group_by_overflow_mode: "any" },
  });
}
