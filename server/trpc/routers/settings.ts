import {
  listSettings,
  ResetSettingsInput,
  resetSettings,
  SaveSettingsInput,
  saveSettings,
} from "~/server/services/settings";
import { adminProcedure, protectedProcedure, router } from "../init";

export const settingsRouter = router({
  list: protectedProcedure.query(({ ctx }) => listSettings({ ctx: ctx.call })),
  save: adminProcedure.input(SaveSettingsInput).mutation(({ ctx, input }) => saveSettings({ ctx: ctx.call, input })),
  reset: adminProcedure.input(ResetSettingsInput).mutation(({ ctx, input }) => resetSettings({ ctx: ctx.call, input })),
});
