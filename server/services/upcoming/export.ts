import { UPCOMING_EXPORT } from "~/server/domain/export/tables";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { exportRows } from "../export/export-rows";
import { readFirings } from "./firings";
import { type ExportUpcomingInput, filterOf, spanOf } from "./inputs";

/** Yields the firings of a range, soonest first, as text in the requested format. */
export async function* exportUpcoming(call: { ctx: Ctx; input: ExportUpcomingInput }): AsyncGenerator<string> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { format, zone, ...range } = call.input;
  // The range of "the next 24 hours" must not move during the export.
  const span = spanOf(range, deps.clock.now());
  const filter = filterOf(range);
  yield* exportRows({
    table: UPCOMING_EXPORT,
    format,
    zone,
    rowId: ({ at, scheduleId }) => `${at} ${scheduleId}`,
    read: async (page) => {
      const { items, nextCursor, coverage } = await readFirings(deps, { span, filter, ...page });
      return { items, nextCursor, isComplete: coverage.counted >= coverage.schedules };
    },
  });
}
