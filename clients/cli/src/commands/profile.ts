import { type AddCommands, withExamples } from "../command.js";
import { configPath, type Profile, readConfig, requireProfile, requireProfileName, writeConfig } from "../config.js";
import { addressOf, DEFAULT_URL, keyOf } from "../connection.js";
import { usageError } from "../exit.js";
import { readInput } from "../io.js";
import { requireZone } from "../output/time.js";

interface SetOptions {
  keyFile?: string;
  keyStdin?: boolean;
}

/** Adds `profile list`, `show`, `set`, `use` and `remove`. */
export const addProfileCommands: AddCommands = (profile, perform) => {
  const list = profile
    .command("list")
    .description("List the profiles")
    .action(() =>
      perform(list, async ({ io, print }) => {
        const { current, profiles } = await readConfig(configPath(io.env));
        const rows = Object.entries(profiles).map(([name, one]) => ({
          name,
          current: name === current,
          ...shown(one),
        }));
        await print.rows(
          rows,
          [
            { title: "", cell: (row) => (row.current ? "*" : " ") },
            { title: "NAME", cell: (row) => row.name },
            { title: "ADDRESS", cell: (row) => row.url },
            { title: "API KEY", cell: (row) => row.api_key },
          ],
          { empty: "There are no profiles. Add one with: profile set NAME" },
        );
      }),
    );
  withExamples(list, ["profile list"]);

  const show = profile
    .command("show")
    .description("Show where commands connect, without the API key")
    .action(() =>
      perform(show, async ({ io, print, target }) => {
        const value = {
          profile: target.name,
          url: target.url,
          config: configPath(io.env),
          ...(target.profile && shown(target.profile)),
        };
        print.record({ ...value, url: target.url }, (one) => Object.entries(one));
      }),
    );
  withExamples(show, ["profile show", "profile show --profile production"]);

  const set = profile
    .command("set <name>")
    .description(
      "Add or change a profile with --url, --zone and --output. Asks for the API key of a new profile or of another address",
    )
    .option("--key-file <path>", "read the API key from this file whenever it is needed, instead of storing it")
    .option("--key-stdin", "read the API key to store from standard input")
    .action((name: string, options: SetOptions) =>
      perform(set, async ({ io, print }) => {
        const path = configPath(io.env);
        const config = await readConfig(path);
        const before = config.profiles[requireProfileName(name)];
        const { url, zone, output } = set.optsWithGlobals<{
          url?: string;
          zone?: string;
          output?: Profile["output"];
        }>();
        const next: Profile = {
          url: addressOf(url ?? before?.url ?? DEFAULT_URL),
          zone: zone === undefined ? before?.zone : requireZone(zone, "--zone"),
          output: output ?? before?.output,
        };
        if (options.keyFile !== undefined) next.apiKeyFile = options.keyFile;
        else if (options.keyStdin) next.apiKey = keyOf(await readInput(io), "Standard input");
        else if (before !== undefined && addressOf(before.url) === next.url) {
          Object.assign(next, { apiKey: before.apiKey, apiKeyFile: before.apiKeyFile });
        } else if (io.ask !== null) next.apiKey = keyOf(await io.ask("API key: ", { hidden: true }), "The answer");
        else throw usageError("There is no terminal to ask for the API key", "Use --key-file or --key-stdin.");
        const current = config.current ?? name;
        await writeConfig(path, { current, profiles: { ...config.profiles, [name]: next } });
        print.done(`Saved the profile ${name} for ${next.url} in ${path}`, { name, ...shown(next) });
      }),
    );
  withExamples(set, [
    "profile set production --url https://schedules.example.org --zone Europe/Berlin",
    "profile set local --url http://127.0.0.1:3000 --key-file .data/api-key",
  ]);

  const use = profile
    .command("use <name>")
    .description("Choose the profile that is used without --profile")
    .action((name: string) =>
      perform(use, async ({ io, print }) => {
        const path = configPath(io.env);
        const config = await readConfig(path);
        requireProfile(config, name, path);
        await writeConfig(path, { ...config, current: name });
        print.done(`Commands use the profile ${name}`, { current: name });
      }),
    );
  withExamples(use, ["profile use production"]);

  const remove = profile
    .command("remove <name>")
    .description("Remove a profile with its stored API key. A key in a file of its own stays")
    .action((name: string) =>
      perform(remove, async ({ io, print }) => {
        const path = configPath(io.env);
        const config = await readConfig(path);
        requireProfile(config, name, path);
        const { [name]: _, ...profiles } = config.profiles;
        await writeConfig(path, { current: config.current === name ? null : config.current, profiles });
        print.done(`Removed the profile ${name}`, { removed: name });
      }),
    );
  withExamples(remove, ["profile remove local"]);
};

/** A profile without its key. */
function shown({ url, apiKey, apiKeyFile, zone, output }: Profile) {
  const api_key = apiKeyFile === undefined ? (apiKey === undefined ? "none" : "stored") : `in ${apiKeyFile}`;
  return { url, api_key, ...(zone && { zone }), ...(output && { output }) };
}
