import { dataOf, type Schemas } from "@stufio/schedules-client";
import { type AddCommands, withExamples } from "../command.js";
import type { Context } from "../context.js";
import { usageError } from "../exit.js";
import type { Column } from "../output/table.js";

type Setting = Schemas["SettingView"];

/** Adds `settings list`, `get`, `set` and `reset`. */
export const addSettingCommands: AddCommands = (settings, perform) => {
  const list = settings
    .command("list")
    .description("List the settings")
    .action(() =>
      perform(list, async (context) => {
        await context.print.rows(await allSettings(context), COLUMNS);
      }),
    );
  withExamples(list, ["settings list"]);

  const get = settings
    .command("get <setting>")
    .description("Show a setting. As a table, only its value")
    .action((name: string) =>
      perform(get, async (context) => {
        const setting = findSetting(await allSettings(context), name);
        context.print.done(String(setting.value), setting);
      }),
    );
  withExamples(get, ["settings get MAX_RETRIES"]);

  const set = settings
    .command("set <setting=value...>")
    .description("Save settings. They take effect within seconds")
    .action((pairs: string[]) =>
      perform(set, async (context) => {
        const known = await allSettings(context);
        await save(
          context,
          pairs.map((pair) => changeOf(pair, known)),
        );
      }),
    );
  withExamples(set, ["settings set MAX_RETRIES=5 TIMEZONE=Europe/Berlin", "settings set analytics_enabled=false"]);

  const reset = settings
    .command("reset <setting...>")
    .description("Remove saved settings, so that their defaults are in force again")
    .action((names: string[]) =>
      perform(reset, async (context) => {
        const known = await allSettings(context);
        await save(
          context,
          names.map((name) => [findSetting(known, name).key, null]),
        );
      }),
    );
  withExamples(reset, ["settings reset MAX_RETRIES TIMEZONE"]);
};

async function allSettings(context: Context): Promise<Setting[]> {
  const client = await context.client();
  return dataOf(await client.api.GET("/admin/settings", context.call)).items;
}

/** Finds a setting by its key in any letter case, with or without the prefix of the environment variable. */
function findSetting(settings: readonly Setting[], name: string): Setting {
  const key = name.toUpperCase().replace(/^SCHEDULES_/, "");
  const found = settings.find((one) => one.key === key);
  if (found) return found;
  throw usageError(`There is no setting "${name}"`, `The settings are ${settings.map((one) => one.key).join(", ")}.`);
}

type Change = [key: string, value: string | number | boolean | null];

function changeOf(pair: string, settings: readonly Setting[]): Change {
  const at = pair.indexOf("=");
  if (at < 1) throw usageError(`"${pair}" must be SETTING=VALUE, such as MAX_RETRIES=5`);
  const { key, type } = findSetting(settings, pair.slice(0, at));
  const text = pair.slice(at + 1);
  // The server judges other values, and its error has the accepted range.
  if (type === "integer" && /^-?\d+$/.test(text)) return [key, Number(text)];
  if (type === "boolean" && /^(?:true|false)$/.test(text)) return [key, text === "true"];
  return [key, text];
}

async function save(context: Context, changes: readonly Change[]): Promise<void> {
  const client = await context.client();
  const values = Object.fromEntries(changes.map(([key, value]) => [key.toLowerCase(), value]));
  const { items } = dataOf(
    await client.api.PATCH("/admin/settings", { body: { values: values as never }, ...context.call }),
  );
  const changed = items.filter(({ key }) => changes.some(([one]) => one === key));
  await context.print.rows(changed, COLUMNS);
}

const COLUMNS: readonly Column<Setting>[] = [
  { title: "SETTING", cell: ({ key }) => key },
  { title: "VALUE", cell: ({ value, unit }) => (unit === null ? String(value) : `${value} ${unit}`) },
  { title: "SOURCE", cell: ({ source }) => source },
  { title: "DEFAULT", cell: ({ default: fallback }) => String(fallback) },
  { title: "DESCRIPTION", cell: ({ description }) => description, shrink: 16 },
];
