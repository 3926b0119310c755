import type { AppError } from "~/server/domain/errors";
import type { ScheduleView } from "~/server/domain/views";
import { ActivityInput, scheduleActivity } from "~/server/services/audit-trail";
import { ListExecutionsInput, listExecutions } from "~/server/services/executions";
import { ExplainTimeInput, explainTime } from "~/server/services/explain";
import {
  CreateScheduleInput,
  CreateSchedulesInput,
  createSchedule,
  createSchedules,
  DeleteScheduleInput,
  deleteSchedule,
  ExecuteScheduleInput,
  ExportSchedulesInput,
  executeSchedule,
  exportSchedules,
  GetScheduleInput,
  getSchedule,
  ListOccurrencesInput,
  ListSchedulesInput,
  listOccurrences,
  listSchedules,
  MergeScheduleInput,
  mergeSchedule,
  PatchScheduleInput,
  PreviewScheduleInput,
  patchSchedule,
  previewResume,
  previewSchedule,
  ReplaceScheduleInput,
  replaceSchedule,
  ScheduleId,
  ToggleScheduleInput,
  toggleSchedule,
  withoutReadOnly,
} from "~/server/services/schedules";
import { listVersions, RestoreScheduleInput, restoreSchedule } from "~/server/services/versions";
import { exportAnswer } from "../export-answer";
import { type Answer, byContentType, type Incoming, methods, restRoute } from "../handler";
import { TITLES } from "../problem";
import { MAX_BATCH_BYTES, readIfMatch } from "../request";

const etag = (schedule: Pick<ScheduleView, "version">) => ({ etag: `"${schedule.version}"` });
const scheduleAnswer = ({ payload, ...schedule }: ScheduleView): Answer => ({
  headers: etag(schedule),
  body: schedule,
  payload,
});
const byId = ({ params }: Incoming) => ({ scheduleId: params.id });
const queryOf = ({ params, query }: Incoming) => ({ ...query, scheduleId: params.id });
const bodyOf = ({ params, body }: Incoming) => ({ ...body, scheduleId: params.id });

/** `/admin/schedules` */
export const schedules = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ListSchedulesInput,
    run: async (call) => ({ body: await listSchedules(call) }),
  }),
  POST: restRoute({
    right: "schedules:create",
    idempotent: true,
    input: CreateScheduleInput,
    keepsJsonText: true,
    run: async (call) => {
      const { schedule, durable } = await createSchedule(call);
      const { payload, ...rest } = schedule;
      return {
        status: 201,
        headers: { ...etag(schedule), location: `/admin/schedules/${schedule.scheduleId}` },
        body: { ...rest, durable },
        payload,
      };
    },
  }),
});

/** `/admin/schedules/export` */
export const schedulesExport = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ExportSchedulesInput,
    takesLong: true,
    run: async (call) => exportAnswer("schedules", call.input, exportSchedules(call)),
  }),
});

/** `/admin/schedules/batch` */
export const schedulesBatch = methods({
  POST: restRoute({
    right: "schedules:create",
    idempotent: true,
    input: CreateSchedulesInput,
    keepsJsonText: true,
    maxBytes: MAX_BATCH_BYTES,
    run: async (call) => {
      const { items } = await createSchedules(call);
      const results = items.map((item) => ("error" in item ? { index: item.index, error: errorOf(item.error) } : item));
      return { status: 207, body: { items: results } };
    },
  }),
});

function errorOf(error: AppError) {
  const { code, status, message, faults } = error;
  return { code, title: TITLES[code], status, detail: message, errors: faults };
}

/** `/admin/schedules/preview` */
export const schedulesPreview = methods({
  POST: restRoute({
    right: "schedules:read",
    input: PreviewScheduleInput,
    run: async (call) => ({ body: await previewSchedule(call) }),
  }),
});

const patching = restRoute({
  right: "schedules:edit",
  input: PatchScheduleInput,
  keepsJsonText: true,
  inputFrom: ({ params, body, headers }) => ({
    scheduleId: params.id,
    expectedVersion: readIfMatch(headers),
    patch: body,
  }),
  run: async (call) => scheduleAnswer(await patchSchedule(call)),
});

const merging = restRoute({
  right: "schedules:edit",
  input: MergeScheduleInput,
  keepsJsonText: true,
  inputFrom: ({ params, bodyText, headers }) => ({
    scheduleId: params.id,
    expectedVersion: readIfMatch(headers),
    mergePatch: bodyText,
  }),
  run: async (call) => scheduleAnswer(await mergeSchedule(call)),
});

/** `/admin/schedules/{id}` */
export const schedule = methods({
  GET: restRoute({
    right: "schedules:read",
    input: GetScheduleInput,
    inputFrom: queryOf,
    run: async (call) => scheduleAnswer(await getSchedule(call)),
  }),
  PUT: restRoute({
    right: "schedules:edit",
    input: ReplaceScheduleInput,
    keepsJsonText: true,
    inputFrom: ({ params, body, headers }) => ({
      scheduleId: params.id,
      expectedVersion: readIfMatch(headers),
      replace: withoutReadOnly(body, params.id),
    }),
    run: async (call) => scheduleAnswer(await replaceSchedule(call)),
  }),
  // Plain JSON replaces each given field. A merge patch (RFC 7396) also merges inside `payload` and `headers`.
  PATCH: byContentType(
    { contentType: "application/merge-patch+json", handler: merging },
    { contentType: "application/json", handler: patching },
  ),
  DELETE: restRoute({
    right: "schedules:delete",
    idempotent: true,
    input: DeleteScheduleInput,
    inputFrom: ({ params, headers }) => ({ scheduleId: params.id, expectedVersion: readIfMatch(headers) }),
    run: async (call) => {
      await deleteSchedule(call);
      return { status: 204 };
    },
  }),
});

/** `/admin/schedules/{id}/executions` */
export const scheduleExecutions = methods({
  GET: restRoute({
    right: "executions:read",
    input: ListExecutionsInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await listExecutions(call) }),
  }),
});

/** `/admin/schedules/{id}/execute` */
export const scheduleExecute = methods({
  POST: restRoute({
    right: "schedules:run",
    idempotent: true,
    input: ExecuteScheduleInput,
    inputFrom: bodyOf,
    run: async (call) => {
      const answer = await executeSchedule(call);
      return { status: 202, headers: { location: `/admin/executions/${answer.executionId}` }, body: answer };
    },
  }),
});

/** `/admin/schedules/{id}/toggle` */
export const scheduleToggle = methods({
  POST: restRoute({
    right: "schedules:toggle",
    idempotent: true,
    input: ToggleScheduleInput,
    inputFrom: bodyOf,
    run: async (call) => scheduleAnswer(await toggleSchedule(call)),
  }),
});

/** `/admin/schedules/{id}/missed`: what a resume would run. */
export const scheduleMissed = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ScheduleId,
    inputFrom: queryOf,
    run: async (call) => ({ body: await previewResume(call) }),
  }),
});

/** `/admin/schedules/{id}/occurrences` */
export const scheduleOccurrences = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ListOccurrencesInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await listOccurrences(call) }),
  }),
});

/** `/admin/schedules/{id}/explain`: why the schedule did or did not fire at a time. */
export const scheduleExplain = methods({
  GET: restRoute({
    right: "executions:read",
    input: ExplainTimeInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await explainTime(call) }),
  }),
});

/** `/admin/schedules/{id}/activity` */
export const scheduleActivityRoute = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ActivityInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await scheduleActivity(call) }),
  }),
});

/** `/admin/schedules/{id}/versions` */
export const scheduleVersions = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ScheduleId,
    inputFrom: byId,
    run: async (call) => ({ body: await listVersions(call) }),
  }),
});

/** `/admin/schedules/{id}/restore` */
export const scheduleRestore = methods({
  POST: restRoute({
    right: "schedules:edit",
    idempotent: true,
    input: RestoreScheduleInput,
    inputFrom: (incoming) => ({ ...bodyOf(incoming), expectedVersion: readIfMatch(incoming.headers) }),
    run: async (call) => scheduleAnswer(await restoreSchedule(call)),
  }),
});
