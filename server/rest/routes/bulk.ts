import { ONE_OF_JOB_RIGHTS, ONE_OF_SCHEDULE_JOB_RIGHTS } from "~/server/domain/job-rights";
import {
  abortBulk,
  BulkJobId,
  ExportBulkInput,
  exportBulk,
  getBulk,
  listBulk,
  StartBulkInput,
  startBulk,
  UndoBulkInput,
  undoBulk,
} from "~/server/services/bulk";
import { exportAnswer } from "../export-answer";
import { type Incoming, methods, NoInput, restRoute } from "../handler";

const jobOf = ({ params }: Incoming) => ({ jobId: params.id });

/** `/admin/schedules/bulk`: 200 with a preview for `dry_run`, otherwise 202 with the job. */
export const bulk = methods({
  GET: restRoute({
    right: "schedules:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: { items: await listBulk({ ctx }) } }),
  }),
  POST: restRoute({
    right: ONE_OF_SCHEDULE_JOB_RIGHTS,
    idempotent: true,
    takesLong: true,
    input: StartBulkInput,
    run: async (call) => {
      const answer = await startBulk(call);
      if (!("jobId" in answer)) return { body: answer };
      return { status: 202, headers: { location: `/admin/schedules/bulk/${answer.jobId}` }, body: answer };
    },
  }),
});

/** `/admin/schedules/bulk/export` */
export const bulkExport = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ExportBulkInput,
    takesLong: true,
    run: async (call) => exportAnswer("bulk-jobs", call.input, exportBulk(call)),
  }),
});

/** `/admin/schedules/bulk/{id}` */
export const bulkJob = methods({
  GET: restRoute({
    right: "schedules:read",
    input: BulkJobId,
    inputFrom: jobOf,
    run: async (call) => ({ body: await getBulk(call) }),
  }),
});

/** `/admin/schedules/bulk/{id}/abort` */
export const bulkAbort = methods({
  POST: restRoute({
    right: ONE_OF_JOB_RIGHTS,
    input: BulkJobId,
    inputFrom: jobOf,
    run: async (call) => ({ status: 202, body: await abortBulk(call) }),
  }),
});

/** `/admin/schedules/bulk/{id}/undo` */
export const bulkUndo = methods({
  POST: restRoute({
    right: ONE_OF_SCHEDULE_JOB_RIGHTS,
    idempotent: true,
    input: UndoBulkInput,
    inputFrom: jobOf,
    run: async (call) => ({ status: 202, body: await undoBulk(call) }),
  }),
});
