import { BULK_EXPORT, type ExportedBulkJob } from "~/server/domain/export/tables";
import type { Ctx } from "../ctx";
import { exportRows, pagesOf } from "../export/export-rows";
import { iso, isoOrNull } from "../schedules/view";
import type { ExportBulkInput } from "./inputs";
import type { BulkJob } from "./job";
import { listBulk } from "./start";

/** Yields the recent bulk jobs, newest first, as text in the requested format. */
export async function* exportBulk(call: { ctx: Ctx; input: ExportBulkInput }): AsyncGenerator<string> {
  const { format, zone } = call.input;
  const jobs = await listBulk({ ctx: call.ctx });
  yield* exportRows({
    table: BULK_EXPORT,
    format,
    zone,
    rowId: ({ jobId }) => jobId,
    read: pagesOf({ items: jobs.map(exported), isComplete: true }),
  });
}

const exported = ({ untilMs, createdAt, startedAt, endedAt, ...job }: BulkJob): ExportedBulkJob => ({
  ...job,
  until: isoOrNull(untilMs),
  createdAt: iso(createdAt),
  startedAt: isoOrNull(startedAt),
  endedAt: isoOrNull(endedAt),
});
