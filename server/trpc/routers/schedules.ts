import type { AppError } from "~/server/domain/errors";
import { ExplainTimeInput, explainTime } from "~/server/services/explain";
import {
  CreateScheduleInput,
  CreateSchedulesInput,
  createSchedule,
  createSchedules,
  DeleteScheduleInput,
  deleteSchedule,
  ExecuteScheduleInput,
  executeSchedule,
  getSchedule,
  ListOccurrencesInput,
  ListSchedulesInput,
  listOccurrences,
  listSchedules,
  PatchScheduleInput,
  PreviewScheduleInput,
  patchSchedule,
  previewResume,
  previewSchedule,
  ReplaceScheduleInput,
  replaceSchedule,
  ScheduleId,
  scheduleFacets,
  ToggleScheduleInput,
  toggleSchedule,
} from "~/server/services/schedules";
import { listProcedure, protectedProcedure, router, writeProcedure } from "../init";

export const schedulesRouter = router({
  list: listProcedure.input(ListSchedulesInput).query(({ ctx, input }) => listSchedules({ ctx: ctx.call, input })),
  facets: protectedProcedure.query(({ ctx }) => scheduleFacets({ ctx: ctx.call })),
  get: protectedProcedure.input(ScheduleId).query(({ ctx, input }) => getSchedule({ ctx: ctx.call, input })),
  preview: protectedProcedure
    .input(PreviewScheduleInput)
    .query(({ ctx, input }) => previewSchedule({ ctx: ctx.call, input })),
  occurrences: protectedProcedure
    .input(ListOccurrencesInput)
    .query(({ ctx, input }) => listOccurrences({ ctx: ctx.call, input })),
  explain: protectedProcedure.input(ExplainTimeInput).query(({ ctx, input }) => explainTime({ ctx: ctx.call, input })),
  create: writeProcedure
    .input(CreateScheduleInput)
    .mutation(({ ctx, input }) => createSchedule({ ctx: ctx.call, input })),
  createMany: writeProcedure.input(CreateSchedulesInput).mutation(async ({ ctx, input }) => {
    const { items } = await createSchedules({ ctx: ctx.call, input });
    return { items: items.map((item) => ("error" in item ? { index: item.index, error: plain(item.error) } : item)) };
  }),
  patch: writeProcedure.input(PatchScheduleInput).mutation(({ ctx, input }) => patchSchedule({ ctx: ctx.call, input })),
  replace: writeProcedure
    .input(ReplaceScheduleInput)
    .mutation(({ ctx, input }) => replaceSchedule({ ctx: ctx.call, input })),
  delete: writeProcedure
    .input(DeleteScheduleInput)
    .mutation(({ ctx, input }) => deleteSchedule({ ctx: ctx.call, input })),
  missed: protectedProcedure.input(ScheduleId).query(({ ctx, input }) => previewResume({ ctx: ctx.call, input })),
  toggle: writeProcedure
    .input(ToggleScheduleInput)
    .mutation(({ ctx, input }) => toggleSchedule({ ctx: ctx.call, input })),
  execute: writeProcedure
    .input(ExecuteScheduleInput)
    .mutation(({ ctx, input }) => executeSchedule({ ctx: ctx.call, input })),
});

/** JSON drops the message of an `Error`. */
function plain(error: AppError) {
  const { code, message, faults } = error;
  return { code, message, faults };
}
