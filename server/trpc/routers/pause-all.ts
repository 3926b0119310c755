import { getPauseAll, PauseAllInput, pauseAll, ResumeAllInput, resumeAll } from "~/server/services/pause-all";
import { procedure, router } from "../init";

export const pauseAllRouter = router({
  get: procedure("schedules:read").query(({ ctx }) => getPauseAll({ ctx: ctx.call })),
  pause: procedure("system:operate")
    .input(PauseAllInput)
    .mutation(({ ctx, input }) => pauseAll({ ctx: ctx.call, input })),
  resume: procedure("system:operate")
    .input(ResumeAllInput.default({}))
    .mutation(({ ctx, input }) => resumeAll({ ctx: ctx.call, input })),
});
