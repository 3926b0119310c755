import type { AppError } from "~/server/domain/errors";
import type { ScheduleView } from "~/server/domain/views";
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
  executeSchedule,
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
import { type Answer, type Incoming, methods, restRoute } from "../handler";
import { TITLES } from "../problem";
import { MAX_BATCH_BYTES, readIfMatch } from "../request";

const etag = (schedule: Pick<ScheduleView, "version">) => ({ etag: `"${schedule.version}"` });
const one = ({ payload, ...schedule }: ScheduleView): Answer => ({
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
    right: "read",
    input: ListSchedulesInput,
    run: async (call) => ({ body: await listSchedules(call) }),
  }),
  POST: restRoute({
    right: "write",
    idempotent: true,
    input: CreateScheduleInput,
    takesDefinitions: true,
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

/** `/admin/schedules/batch` */
export const schedulesBatch = methods({
  POST: restRoute({
    right: "write",
    idempotent: true,
    input: CreateSchedulesInput,
    takesDefinitions: true,
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
    right: "read",
    input: PreviewScheduleInput,
    run: async (call) => ({ body: await previewSchedule(call) }),
  }),
});

/** Plain JSON replaces each given field; a merge patch (RFC 7396) also merges inside `payload` and `headers`. */
const isMergePatch = (headers: Headers) => /^application\/merge-patch\+json\b/i.test(headers.get("content-type") ?? "");

const patching = restRoute({
  right: "write",
  input: PatchScheduleInput,
  takesDefinitions: true,
  inputFrom: ({ params, body, headers }) => ({
    scheduleId: params.id,
    expectedVersion: readIfMatch(headers),
    patch: body,
  }),
  run: async (call) => one(await patchSchedule(call)),
});

const merging = restRoute({
  right: "write",
  input: MergeScheduleInput,
  takesDefinitions: true,
  inputFrom: ({ params, text, headers }) => ({
    scheduleId: params.id,
    expectedVersion: readIfMatch(headers),
    mergePatch: text,
  }),
  run: async (call) => one(await mergeSchedule(call)),
});

/** `/admin/schedules/{id}` */
export const schedule = methods({
  GET: restRoute({
    right: "read",
    input: ScheduleId,
    inputFrom: byId,
    run: async (call) => one(await getSchedule(call)),
  }),
  PUT: restRoute({
    right: "write",
    input: ReplaceScheduleInput,
    takesDefinitions: true,
    inputFrom: ({ params, body, headers }) => ({
      scheduleId: params.id,
      expectedVersion: readIfMatch(headers),
      replace: withoutReadOnly(body, params.id),
    }),
    run: async (call) => one(await replaceSchedule(call)),
  }),
  PATCH: (request, next) => (isMergePatch(request.headers) ? merging : patching)(request, next),
  DELETE: restRoute({
    right: "write",
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
    right: "read",
    input: ListExecutionsInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await listExecutions(call) }),
  }),
});

/** `/admin/schedules/{id}/execute` */
export const scheduleExecute = methods({
  POST: restRoute({
    right: "write",
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
    right: "write",
    idempotent: true,
    input: ToggleScheduleInput,
    inputFrom: bodyOf,
    run: async (call) => one(await toggleSchedule(call)),
  }),
});

/** `/admin/schedules/{id}/missed`: preview of a resume. */
export const scheduleMissed = methods({
  GET: restRoute({
    right: "read",
    input: ScheduleId,
    inputFrom: queryOf,
    run: async (call) => ({ body: await previewResume(call) }),
  }),
});

/** `/admin/schedules/{id}/occurrences` */
export const scheduleOccurrences = methods({
  GET: restRoute({
    right: "read",
    input: ListOccurrencesInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await listOccurrences(call) }),
  }),
});

/** `/admin/schedules/{id}/explain`: why it did, or did not, fire at a time. */
export const scheduleExplain = methods({
  GET: restRoute({
    right: "read",
    input: ExplainTimeInput,
    inputFrom: queryOf,
    run: async (call) => ({ body: await explainTime(call) }),
  }),
});
