import {
  DeleteViewInput,
  deleteView,
  ListViewsInput,
  listViews,
  SaveViewInput,
  saveView,
} from "~/server/services/views";
import { procedure, router } from "../init";

/** To save or delete a shared view, the services also require `schedules:edit`. */
export const viewsRouter = router({
  list: procedure("schedules:read")
    .input(ListViewsInput)
    .query(({ ctx, input }) => listViews({ ctx: ctx.call, input })),
  save: procedure("schedules:read")
    .input(SaveViewInput)
    .mutation(({ ctx, input }) => saveView({ ctx: ctx.call, input })),
  delete: procedure("schedules:read")
    .input(DeleteViewInput)
    .mutation(({ ctx, input }) => deleteView({ ctx: ctx.call, input })),
});
