import { ExportUpcomingInput, exportUpcoming, UpcomingLoadInput, upcomingLoad } from "~/server/services/upcoming";
import { exportAnswer } from "../export-answer";
import { methods, restRoute } from "../handler";

/** `/admin/schedules/upcoming`: the expected firings of all schedules. */
export const schedulesUpcoming = methods({
  GET: restRoute({
    right: "schedules:read",
    input: UpcomingLoadInput,
    run: async (call) => ({ body: await upcomingLoad(call) }),
  }),
});

/** `/admin/schedules/upcoming/export`: the next runs of all schedules. */
export const upcomingExport = methods({
  GET: restRoute({
    right: "schedules:read",
    input: ExportUpcomingInput,
    takesLong: true,
    run: async (call) => exportAnswer("next-runs", call.input, exportUpcoming(call)),
  }),
});
