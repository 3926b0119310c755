import { EXECUTION_EXPORT } from "~/server/domain/export/tables";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { exportRows } from "../export/export-rows";
import type { ExportExecutionsInput } from "./inputs";
import { executionQuery, readExecutions } from "./list";
import { executionRow } from "./view";

/** Yields the matching executions, in the order of the list, as text in the requested format. */
export async function* exportExecutions(call: { ctx: Ctx; input: ExportExecutionsInput }): AsyncGenerator<string> {
  requireRight(call.ctx, "executions:read");
  const { format, zone, sort, ...filter } = call.input;
  const query = { ...executionQuery({ ...filter, sort }, call.ctx.deps.clock.now()), uncounted: true };
  yield* exportRows({
    table: EXECUTION_EXPORT,
    format,
    zone,
    rowId: ({ executionId }) => executionId,
    read: async (page) => {
      const { items, nextCursor } = await readExecutions(call.ctx.deps, { ...query, ...page });
      return { items: items.map(executionRow), nextCursor };
    },
  });
}
