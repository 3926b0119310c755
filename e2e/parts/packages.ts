import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const run = promisify(execFile);
const CLIENTS = fileURLToPath(new URL("../../clients/", import.meta.url));
export const TYPESCRIPT_CLIENT = join(CLIENTS, "typescript");

export const npm = (cwd: string, ...args: string[]) => run("npm", [...args, "--no-audit", "--no-fund"], { cwd });

let builtClient: Promise<void> | undefined;
let builtCommandLine: Promise<void> | undefined;

/** Builds the TypeScript client once for all specs of this process. */
export function buildTypeScriptClient(): Promise<void> {
  builtClient ??= (async () => {
    await npm(TYPESCRIPT_CLIENT, "ci");
    await npm(TYPESCRIPT_CLIENT, "run", "build");
  })();
  return builtClient;
}

/**
 * Builds the command line, which needs the types of the client, once for all specs of this process. The build uses the
 * tools of the repository.
 */
export function buildCommandLine(): Promise<void> {
  builtCommandLine ??= (async () => {
    await buildTypeScriptClient();
    await npm(join(CLIENTS, "cli"), "run", "build");
  })();
  return builtCommandLine;
}

/** Packs a package of `clients` into a folder. Returns the name of the tarball. */
export async function pack(name: "typescript" | "cli", folder: string): Promise<string> {
  const { stdout } = await npm(join(CLIENTS, name), "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  return filename;
}
