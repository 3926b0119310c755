import {
  ActivityInput,
  LastPausesInput,
  ListAuditInput,
  listAudit,
  listLastPauses,
  scheduleActivity,
  VerifyAuditInput,
  verifyAudit,
} from "~/server/services/audit-trail";
import { listProcedure, router } from "../init";

export const auditRouter = router({
  list: listProcedure("audit:read")
    .input(ListAuditInput)
    .query(({ ctx, input }) => listAudit({ ctx: ctx.call, input })),
  verify: listProcedure("audit:read")
    .input(VerifyAuditInput)
    .query(({ ctx, input }) => verifyAudit({ ctx: ctx.call, input })),
  activity: listProcedure("schedules:read")
    .input(ActivityInput)
    .query(({ ctx, input }) => scheduleActivity({ ctx: ctx.call, input })),
  pauses: listProcedure("schedules:read")
    .input(LastPausesInput)
    .query(({ ctx, input }) => listLastPauses({ ctx: ctx.call, input })),
});
