import {
  listSettings,
  ResetSettingsInput,
  resetSettings,
  SaveSettingsInput,
  saveSettings,
} from "~/server/services/settings";
import { procedure, router } from "../init";

export const settingsRouter = router({
  list: procedure("schedules:read").query(({ ctx }) => listSettings({ ctx: ctx.call })),
  save: procedure("settings:edit")
    .input(SaveSettingsInput)
    .mutation(({ ctx, input }) => saveSettings({ ctx: ctx.call, input })),
  reset: procedure("settings:edit")
    .input(ResetSettingsInput)
    .mutation(({ ctx, input }) => resetSettings({ ctx: ctx.call, input })),
});
