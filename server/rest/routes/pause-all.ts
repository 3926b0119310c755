import { getPauseAll, PauseAllInput, pauseAll, ResumeAllInput, resumeAll } from "~/server/services/pause-all";
import { methods, NoInput, restRoute } from "../handler";

/** `/admin/system/pause-all`: the pause of all firing. */
export const pauseAllRoute = methods({
  GET: restRoute({
    right: "schedules:read",
    input: NoInput,
    run: async ({ ctx }) => ({ body: await getPauseAll({ ctx }) }),
  }),
  POST: restRoute({
    right: "system:operate",
    idempotent: true,
    input: PauseAllInput,
    inputFrom: ({ body }) => body,
    run: async (call) => ({ body: await pauseAll(call) }),
  }),
});

/** `/admin/system/resume-all` */
export const resumeAllRoute = methods({
  POST: restRoute({
    right: "system:operate",
    idempotent: true,
    input: ResumeAllInput,
    run: async (call) => ({ body: await resumeAll(call) }),
  }),
});
