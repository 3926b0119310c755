import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { promisify } from "node:util";
import type { Io } from "../io.js";

/** Where a document comes from, as the API has it. */
export interface DocumentSource {
  repository?: string;
  file?: string;
  commit?: string;
}

const run = promisify(execFile);
const TIMEOUT_MS = 5000;

/** Runs git in a folder. Null if it prints nothing or fails, for example outside of a repository. */
async function git(cwd: string, ...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await run("git", args, { cwd, timeout: TIMEOUT_MS });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** The source of a file. Repository and commit come from the variables of GitHub or GitLab, otherwise from git. */
export async function findSource(io: Pick<Io, "env">, path: string): Promise<DocumentSource> {
  const { env } = io;
  const folder = dirname(path);
  const [root, remote, head, changes] = await Promise.all([
    git(folder, "rev-parse", "--show-toplevel"),
    git(folder, "config", "--get", "remote.origin.url"),
    git(folder, "rev-parse", "--short=12", "HEAD"),
    git(folder, "status", "--porcelain", "--", path),
  ]);
  const inGitHub = env.GITHUB_REPOSITORY && `${env.GITHUB_SERVER_URL ?? "https://github.com"}/${env.GITHUB_REPOSITORY}`;
  const repository = inGitHub || env.CI_PROJECT_URL || (remote === null ? null : withoutSecrets(remote));
  const commit = env.GITHUB_SHA || env.CI_COMMIT_SHA || head;
  const file = root === null ? path.slice(folder.length + 1) : relative(root, await realpath(path));
  return {
    file,
    ...(repository ? { repository } : {}),
    ...(commit ? { commit: changes === null ? commit : `${commit} with changes` } : {}),
  };
}

/** Removes user and password, which may be a token, from the URL of a repository, and `.git` from its end. */
export function withoutSecrets(remote: string): string {
  return remote.replace(/^(\w+:\/\/)[^@/]*@/, "$1").replace(/\.git$/, "");
}
