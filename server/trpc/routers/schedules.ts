import type { AppError } from "~/server/domain/errors";
import { ExplainTimeInput, explainTime } from "~/server/services/explain";
import {
  CreateScheduleInput,
  CreateSchedulesInput,
  countSchedules,
  createSchedule,
  createSchedules,
  DeleteScheduleInput,
  deleteSchedule,
  ExecuteScheduleInput,
  executeSchedule,
  GetScheduleInput,
  getSchedule,
  ListOccurrencesInput,
  ListSchedulesInput,
  listOccurrences,
  listSchedules,
  namesOfSchedules,
  PatchScheduleInput,
  PreviewScheduleInput,
  patchSchedule,
  previewResume,
  previewSchedule,
  ReplaceScheduleInput,
  replaceSchedule,
  ScheduleFilterInput,
  ScheduleId,
  ScheduleIds,
  scheduleFacets,
  ToggleScheduleInput,
  toggleSchedule,
} from "~/server/services/schedules";
import {
  GetVersionInput,
  getVersion,
  listVersions,
  RestoreScheduleInput,
  restoreSchedule,
} from "~/server/services/versions";
import { listProcedure, procedure, router } from "../init";

export const schedulesRouter = router({
  list: listProcedure("schedules:read")
    .input(ListSchedulesInput)
    .query(({ ctx, input }) => listSchedules({ ctx: ctx.call, input })),
  count: listProcedure("schedules:read")
    .input(ScheduleFilterInput)
    .query(({ ctx, input }) => countSchedules({ ctx: ctx.call, input })),
  facets: procedure("schedules:read").query(({ ctx }) => scheduleFacets({ ctx: ctx.call })),
  get: procedure("schedules:read")
    .input(GetScheduleInput)
    .query(({ ctx, input }) => getSchedule({ ctx: ctx.call, input })),
  names: procedure("schedules:read")
    .input(ScheduleIds)
    .query(({ ctx, input }) => namesOfSchedules({ ctx: ctx.call, input })),
  preview: procedure("schedules:read")
    .input(PreviewScheduleInput)
    .query(({ ctx, input }) => previewSchedule({ ctx: ctx.call, input })),
  occurrences: procedure("schedules:read")
    .input(ListOccurrencesInput)
    .query(({ ctx, input }) => listOccurrences({ ctx: ctx.call, input })),
  explain: procedure("executions:read")
    .input(ExplainTimeInput)
    .query(({ ctx, input }) => explainTime({ ctx: ctx.call, input })),
  versions: procedure("schedules:read")
    .input(ScheduleId)
    .query(({ ctx, input }) => listVersions({ ctx: ctx.call, input })),
  version: procedure("schedules:read")
    .input(GetVersionInput)
    .query(({ ctx, input }) => getVersion({ ctx: ctx.call, input })),
  restore: procedure("schedules:edit")
    .input(RestoreScheduleInput)
    .mutation(({ ctx, input }) => restoreSchedule({ ctx: ctx.call, input })),
  create: procedure("schedules:create")
    .input(CreateScheduleInput)
    .mutation(({ ctx, input }) => createSchedule({ ctx: ctx.call, input })),
  createMany: procedure("schedules:create")
    .input(CreateSchedulesInput)
    .mutation(async ({ ctx, input }) => {
      const { items } = await createSchedules({ ctx: ctx.call, input });
      return { items: items.map((item) => ("error" in item ? { index: item.index, error: plain(item.error) } : item)) };
    }),
  patch: procedure("schedules:edit")
    .input(PatchScheduleInput)
    .mutation(({ ctx, input }) => patchSchedule({ ctx: ctx.call, input })),
  replace: procedure("schedules:edit")
    .input(ReplaceScheduleInput)
    .mutation(({ ctx, input }) => replaceSchedule({ ctx: ctx.call, input })),
  delete: procedure("schedules:delete")
    .input(DeleteScheduleInput)
    .mutation(({ ctx, input }) => deleteSchedule({ ctx: ctx.call, input })),
  // Named like the REST route, `/admin/schedules/{id}/missed`.
  missed: procedure("schedules:read")
    .input(ScheduleId)
    .query(({ ctx, input }) => previewResume({ ctx: ctx.call, input })),
  toggle: procedure("schedules:toggle")
    .input(ToggleScheduleInput)
    .mutation(({ ctx, input }) => toggleSchedule({ ctx: ctx.call, input })),
  execute: procedure("schedules:run")
    .input(ExecuteScheduleInput)
    .mutation(({ ctx, input }) => executeSchedule({ ctx: ctx.call, input })),
});

/** A plain object, because JSON leaves out the message of an `Error`. */
function plain(error: AppError) {
  const { code, message, faults } = error;
  return { code, message, faults };
}
