import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const TYPESCRIPT_CLIENT = fileURLToPath(new URL("../../clients/typescript", import.meta.url));
const run = promisify(execFile);

/** Runs npm in a folder. */
export const npm = (cwd: string, ...args: string[]) => run("npm", [...args, "--no-audit", "--no-fund"], { cwd });

let packed: Promise<string> | undefined;

/** The packed TypeScript client, built once for all specs. Returns the path of the tarball. */
export function packTypeScriptClient(): Promise<string> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "stufio-packed-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await npm(TYPESCRIPT_CLIENT, "ci");
  await npm(TYPESCRIPT_CLIENT, "run", "build");
  const { stdout } = await npm(TYPESCRIPT_CLIENT, "pack", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  return join(folder, filename);
}
