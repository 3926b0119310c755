import { SCHEDULE_EXPORT } from "~/server/domain/export/tables";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { exportRows } from "../export/export-rows";
import type { ExportSchedulesInput } from "./inputs";
import { readSchedules, scheduleQuery } from "./list";
import { scheduleListItem } from "./view";

/** Yields the matching schedules, in the order of the list, as text in the requested format. */
export async function* exportSchedules(call: { ctx: Ctx; input: ExportSchedulesInput }): AsyncGenerator<string> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { format, zone, ...filter } = call.input;
  const query = { ...scheduleQuery(filter, deps.clock.now()), uncounted: true };
  yield* exportRows({
    table: SCHEDULE_EXPORT,
    format,
    zone,
    rowId: ({ scheduleId }) => scheduleId,
    read: async (page) => {
      const { items, nextCursor } = await readSchedules(deps, { ...query, ...page }, 0);
      return { items: items.map((schedule) => scheduleListItem(schedule, [])), nextCursor };
    },
  });
}
