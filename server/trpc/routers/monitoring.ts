import { z } from "zod";
import { getDiagnosis } from "~/server/services/diagnosis";
import {
  CleanupInput,
  getEngine,
  getHealth,
  getLeases,
  getStats,
  listBreakers,
  promoteNow,
  ResetBreakerInput,
  resetBreaker,
  runCleanup,
  UpcomingInput,
  upcoming,
} from "~/server/services/monitoring";
import { getTimeZones, TimeZonesInput } from "~/server/services/zones";
import { callerProcedure, procedure, router } from "../init";

export const monitoringRouter = router({
  health: callerProcedure.meta({ reportsOutage: true }).query(({ ctx }) => getHealth({ ctx: ctx.call })),
  stats: procedure("executions:read").query(({ ctx }) => getStats({ ctx: ctx.call })),
  engine: procedure("executions:read").query(({ ctx }) => getEngine({ ctx: ctx.call })),
  leases: procedure("executions:read").query(({ ctx }) => getLeases({ ctx: ctx.call })),
  upcoming: procedure("schedules:read")
    .input(UpcomingInput)
    .query(({ ctx, input }) => upcoming({ ctx: ctx.call, input })),
  breakers: procedure("executions:read").query(({ ctx }) => listBreakers({ ctx: ctx.call })),
  resetBreaker: procedure("system:operate")
    .input(ResetBreakerInput)
    .mutation(({ ctx, input }) => resetBreaker({ ctx: ctx.call, input })),
  timeZones: procedure("schedules:read")
    .input(TimeZonesInput)
    .query(({ ctx, input }) => getTimeZones({ ctx: ctx.call, input })),
  diagnosis: procedure("system:operate")
    .meta({ reportsOutage: true })
    .query(({ ctx }) => getDiagnosis({ ctx: ctx.call })),
  sync: procedure("system:operate")
    .meta({ takesLong: true })
    .input(z.strictObject({}).optional())
    .mutation(({ ctx }) => promoteNow({ ctx: ctx.call })),
  cleanup: procedure("system:operate")
    .meta({ takesLong: true })
    .input(CleanupInput)
    .mutation(({ ctx, input }) => runCleanup({ ctx: ctx.call, input })),
});
