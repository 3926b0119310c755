import { listSettings, SaveSettingsInput, saveSettings } from "~/server/services/settings";
import { methods, NoInput, restRoute } from "../handler";

/** Without `name`, the camelCase spelling of the key. */
const wireAnswer = ({ items }: Awaited<ReturnType<typeof listSettings>>) => ({
  body: { items: items.map(({ name: _, ...setting }) => setting) },
});

/** `/admin/settings` */
export const settings = methods({
  GET: restRoute({
    right: "schedules:read",
    input: NoInput,
    run: async ({ ctx }) => wireAnswer(await listSettings({ ctx })),
  }),
  PATCH: restRoute({
    right: "settings:edit",
    input: SaveSettingsInput,
    run: async (call) => wireAnswer(await saveSettings(call)),
  }),
});
