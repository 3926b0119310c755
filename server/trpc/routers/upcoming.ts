import {
  OutageInput,
  SuggestSlotInput,
  SuggestTimeInput,
  simulateOutage,
  suggestSlot,
  suggestTime,
  UpcomingFiringsInput,
  UpcomingLoadInput,
  upcomingFirings,
  upcomingLoad,
} from "~/server/services/upcoming";
import { listProcedure, router } from "../init";

export const upcomingRouter = router({
  load: listProcedure("schedules:read")
    .input(UpcomingLoadInput)
    .query(({ ctx, input }) => upcomingLoad({ ctx: ctx.call, input })),
  firings: listProcedure("schedules:read")
    .input(UpcomingFiringsInput)
    .query(({ ctx, input }) => upcomingFirings({ ctx: ctx.call, input })),
  outage: listProcedure("schedules:read")
    .input(OutageInput)
    .query(({ ctx, input }) => simulateOutage({ ctx: ctx.call, input })),
  suggestSlot: listProcedure("schedules:read")
    .input(SuggestSlotInput)
    .query(({ ctx, input }) => suggestSlot({ ctx: ctx.call, input })),
  suggestTime: listProcedure("schedules:read")
    .input(SuggestTimeInput)
    .query(({ ctx, input }) => suggestTime({ ctx: ctx.call, input })),
});
