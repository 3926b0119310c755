import { type ExportedFailure, FAILURE_EXPORT } from "~/server/domain/export/tables";
import type { FailureGroup } from "~/server/domain/views";
import type { Ctx } from "../ctx";
import { exportRows, pagesOf } from "../export/export-rows";
import { failureGroups } from "./failures";
import type { ExportFailuresInput } from "./inputs";

/** Yields the groups of dead executions, most frequent first, as text in the requested format. */
export async function* exportFailures(call: { ctx: Ctx; input: ExportFailuresInput }): AsyncGenerator<string> {
  const { format, zone, ...filter } = call.input;
  const { items, isComplete } = await failureGroups({ ctx: call.ctx, input: filter });
  yield* exportRows({
    table: FAILURE_EXPORT,
    format,
    zone,
    rowId: ({ errorClass, shape }) => JSON.stringify([errorClass, shape]),
    read: pagesOf({ items: items.map(exported), isComplete }),
  });
}

function exported({ schedules: top, scheduleCount, ...group }: FailureGroup): ExportedFailure {
  return {
    ...group,
    schedules: scheduleCount,
    topScheduleIds: top.map(({ scheduleId }) => scheduleId),
    topScheduleNames: top.flatMap(({ scheduleName }) => (scheduleName === null ? [] : [scheduleName])),
  };
}
