import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { buildCommandLine, npm, pack } from "./packages";

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

let folder: Promise<string> | undefined;

/** Installs the packed command line in an empty folder, once for all specs of this process. Returns the folder. */
export function installCommandLine(): Promise<string> {
  folder ??= (async () => {
    const created = mkdtempSync(join(tmpdir(), "stufio-cli-"));
    process.once("exit", () => rmSync(created, { recursive: true, force: true }));
    await buildCommandLine();
    const tarballs = [await pack("typescript", created), await pack("cli", created)];
    writeFileSync(join(created, "package.json"), '{ "private": true }');
    await npm(created, "install", ...tarballs.map((name) => `./${name}`));
    return created;
  })();
  return folder;
}

/**
 * Runs the installed command line in its folder, against the stack of the spec. `until`: sends Ctrl-C when standard
 * output contains it.
 */
export async function cli(
  args: readonly string[],
  more: { env?: Record<string, string>; input?: string; until?: string } = {},
): Promise<Ran> {
  const cwd = await installCommandLine();
  const env = {
    ...{ PATH: process.env.PATH, HOME: cwd, XDG_CONFIG_HOME: join(cwd, "config"), SCHEDULES_ZONE: "Europe/Berlin" },
    ...{ SCHEDULES_URL: test.info().project.use.baseURL, SCHEDULES_API_KEY: process.env.E2E_API_KEY },
    ...more.env,
  } as unknown as NodeJS.ProcessEnv;
  const child = spawn(join(cwd, "node_modules/.bin/stufio-schedules"), args, { cwd, env });
  const ran: Ran = { code: null, out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    ran.out += chunk;
    if (more.until !== undefined && ran.out.includes(more.until)) child.kill("SIGINT");
  });
  child.stderr.on("data", (chunk) => {
    ran.err += chunk;
  });
  child.stdin.end(more.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ran, code }));
  });
}

/** The JSON that a successful command prints. */
export async function json(...args: string[]) {
  const { code, out, err } = await cli([...args, "--output", "json"]);
  expect({ code, err }, args.join(" ")).toEqual({ code: 0, err: expect.not.stringContaining("error") });
  return JSON.parse(out);
}
