import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { configPath, readConfig, writeConfig } from "./config.js";
import { findTarget } from "./connection.js";
import { EXIT } from "./exit.js";
import { run } from "./run.js";
import { testIo } from "./testing/io.js";

const KEY = "stufio_live_0123456789abcdef";
const URL_A = "https://a.example";

function withFile(text: string, mode = 0o600) {
  const io = testIo();
  const path = configPath(io.env);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { io, path };
}
const withProfile = (profile: object) =>
  withFile(JSON.stringify({ current: "prod", profiles: { prod: { url: URL_A, ...profile } } }));

describe("the configuration file", () => {
  it.each([0o644, 0o640, 0o660])("is refused with the mode %o, with the command that repairs it", async (mode) => {
    const { io, path } = withFile('{"profiles":{}}', mode);
    expect(await run(["profile", "list"], io)).toBe(EXIT.usage);
    expect(io.err()).toContain(`chmod 600 ${path}`);
  });

  it.each([
    ["is not JSON", `{"profiles": {"a": {"api_key": "${KEY}"`, /is not valid JSON/],
    ["is a list", "[]", /the file must be a JSON object/],
    ["has an unknown field", '{"profile": {}}', /profile must be left out: the fields are current and profiles/],
    ["names an unknown current profile", '{"current": "b", "profiles": {}}', /current must be the name of a profile/],
    ["has a profile without an address", '{"profiles": {"a": {}}}', /profiles\.a\.url must be an address/],
    ["has a number as an address", '{"profiles": {"a": {"url": 1}}}', /profiles\.a\.url must be a text/],
    [
      "has an unknown field of a profile",
      '{"profiles": {"a": {"url": "x", "key": "y"}}}',
      /profiles\.a\.key must be left/,
    ],
    [
      "has two keys",
      `{"profiles": {"a": {"url": "x", "api_key": "${KEY}", "api_key_file": "z"}}}`,
      /profiles\.a\.api_key must be left out/,
    ],
    [
      "has an unknown output",
      '{"profiles": {"a": {"url": "x", "output": "xml"}}}',
      /output must be one of table, json/,
    ],
  ])("that %s is refused, without its keys in the error", async (_, text, expected) => {
    const { path } = withFile(text);
    const error = await readConfig(path).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ exitCode: EXIT.usage, message: expect.stringMatching(expected) });
    expect((error as Error).message).not.toContain(KEY);
  });

  it("is written with the mode 0600, and read again", async () => {
    const path = configPath(testIo().env);
    const config = { current: "a", profiles: { a: { url: URL_A, apiKey: KEY, zone: "UTC" } } };
    await writeConfig(path, config);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(await readConfig(path)).toEqual(config);
  });
});

describe("`profile`", () => {
  it("set reads the key from standard input, makes the first profile current, and never shows the key", async () => {
    const io = testIo({ input: `${KEY}\n` });
    expect(await run(["profile", "set", "prod", "--url", `${URL_A}/`, "--key-stdin"], io)).toBe(EXIT.ok);
    const list = { ...testIo({ env: io.env as Record<string, string> }) };
    expect(await run(["profile", "list", "-o", "json"], list)).toBe(EXIT.ok);
    expect(JSON.parse(list.out())).toEqual([{ name: "prod", current: true, url: URL_A, api_key: "stored" }]);
    expect(io.out() + io.err() + list.out()).not.toContain(KEY);
    expect(readFileSync(configPath(io.env), "utf8")).toContain(KEY);
  });

  it("set asks on a terminal", async () => {
    const io = testIo({ answers: [KEY] });
    expect(await run(["profile", "set", "prod", "--url", URL_A], io)).toBe(EXIT.ok);
    expect(await readConfig(configPath(io.env))).toMatchObject({ profiles: { prod: { apiKey: KEY } } });
  });

  it("set keeps the key if only the zone changes, but not for another address", async () => {
    const { io, path } = withProfile({ api_key: KEY });
    expect(await run(["profile", "set", "prod", "--zone", "Europe/Berlin"], io)).toBe(EXIT.ok);
    expect(await readConfig(path)).toMatchObject({ profiles: { prod: { apiKey: KEY, zone: "Europe/Berlin" } } });
    expect(await run(["profile", "set", "prod", "--url", "https://b.example"], io)).toBe(EXIT.usage);
  });

  it("use and remove change the current profile", async () => {
    const { io, path } = withFile(
      JSON.stringify({ current: "a", profiles: { a: { url: URL_A, api_key: KEY }, b: { url: URL_A, api_key: KEY } } }),
    );
    expect(await run(["profile", "use", "b"], io)).toBe(EXIT.ok);
    expect(await run(["profile", "remove", "b"], io)).toBe(EXIT.ok);
    expect(await readConfig(path)).toMatchObject({ current: null, profiles: { a: {} } });
    expect(await run(["profile", "use", "b"], io)).toBe(EXIT.usage);
  });
});

describe("the installation of a command", () => {
  const target = async (io: ReturnType<typeof testIo>, options = {}) => {
    const { url, apiKey } = await findTarget(io, options);
    return { url, key: await apiKey().catch((error: Error) => error.message) };
  };

  it("comes from the current profile", async () => {
    const { io } = withProfile({ api_key: KEY });
    expect(await target(io)).toEqual({ url: URL_A, key: KEY });
  });

  it("comes from an option, then from the environment, then from the profile, but --profile precedes the environment", async () => {
    const { io } = withProfile({ api_key: KEY });
    const env = { ...io.env, SCHEDULES_URL: "https://env.example", SCHEDULES_API_KEY: "env-key" };
    expect(await target({ ...io, env })).toEqual({ url: "https://env.example", key: "env-key" });
    expect(await target({ ...io, env }, { url: "https://option.example" })).toMatchObject({
      url: "https://option.example",
    });
    expect(await target({ ...io, env }, { profile: "prod" })).toEqual({ url: URL_A, key: KEY });
  });

  it("does not get the key of a profile with another address", async () => {
    const { io } = withProfile({ api_key: KEY });
    const { key } = await target(io, { url: "https://other.example" });
    expect(key).toMatch(/only for https:\/\/a\.example/);
  });

  it("gets the key from a file, or from standard input", async () => {
    const io = testIo({ input: " from-stdin \n" });
    expect(await target(io, { apiKeyFile: "-" })).toMatchObject({ key: "from-stdin" });
    const { io: other, path } = withFile(`${KEY}\n`);
    expect(await target({ ...testIo(), env: { ...testIo().env, SCHEDULES_API_KEY_FILE: path } })).toMatchObject({
      key: KEY,
    });
    expect(other.out()).toBe("");
  });

  it("does not show a key that is not valid", async () => {
    const { key } = await target(testIo({ env: { SCHEDULES_API_KEY: "secret with spaces" } }));
    expect(key).toBe("SCHEDULES_API_KEY must contain an API key: printable ASCII without spaces");
  });
});
