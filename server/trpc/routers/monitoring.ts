import { z } from "zod";
import {
  CleanupInput,
  forceSync,
  getEngine,
  getHealth,
  getStats,
  listBreakers,
  ResetBreakerInput,
  resetBreaker,
  runCleanup,
  UpcomingInput,
  upcoming,
} from "~/server/services/monitoring";
import { getTimeZones, TimeZonesInput } from "~/server/services/zones";
import { adminProcedure, protectedProcedure, router, writeProcedure } from "../init";

export const monitoringRouter = router({
  health: protectedProcedure.meta({ tellsAway: true }).query(({ ctx }) => getHealth({ ctx: ctx.call })),
  stats: protectedProcedure.query(({ ctx }) => getStats({ ctx: ctx.call })),
  engine: protectedProcedure.query(({ ctx }) => getEngine({ ctx: ctx.call })),
  upcoming: protectedProcedure.input(UpcomingInput).query(({ ctx, input }) => upcoming({ ctx: ctx.call, input })),
  breakers: protectedProcedure.query(({ ctx }) => listBreakers({ ctx: ctx.call })),
  resetBreaker: writeProcedure
    .input(ResetBreakerInput)
    .mutation(({ ctx, input }) => resetBreaker({ ctx: ctx.call, input })),
  timeZones: protectedProcedure.input(TimeZonesInput).query(({ ctx, input }) => getTimeZones({ ctx: ctx.call, input })),
  sync: writeProcedure
    .meta({ takesLong: true })
    .input(z.strictObject({}).optional())
    .mutation(({ ctx }) => forceSync({ ctx: ctx.call })),
  cleanup: adminProcedure
    .meta({ takesLong: true })
    .input(CleanupInput)
    .mutation(({ ctx, input }) => runCleanup({ ctx: ctx.call, input })),
});
