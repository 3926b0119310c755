import {
  ExportAuditInput,
  exportAudit,
  ListAuditInput,
  listAudit,
  VerifyAuditInput,
  verifyAudit,
} from "~/server/services/audit-trail";
import { exportAnswer } from "../export-answer";
import { methods, restRoute } from "../handler";

/** `/admin/audit` */
export const audit = methods({
  GET: restRoute({
    right: "audit:read",
    input: ListAuditInput,
    run: async (call) => ({ body: await listAudit(call) }),
  }),
});

/** `/admin/audit/export` */
export const auditExport = methods({
  GET: restRoute({
    right: "audit:read",
    input: ExportAuditInput,
    takesLong: true,
    run: async (call) => exportAnswer("audit", call.input, exportAudit(call)),
  }),
});

/** `/admin/audit/verify` */
export const auditVerify = methods({
  GET: restRoute({
    right: "audit:read",
    input: VerifyAuditInput,
    run: async (call) => ({ body: await verifyAudit(call) }),
  }),
});
