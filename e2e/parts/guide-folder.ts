import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { requirePython } from "../../scripts/test/python.mjs";
import { superviseChild } from "../../server/testing/services/child-handle";
import { freePort } from "../../server/testing/services/free-port";
import { buildCommandLine, npm, pack, run } from "./packages";

/** The packages that the snippets use. */
const NPM_PACKAGES = [
  ...["tsx@4.23.15", "typescript@5.9.3", "@types/node@20.19.43"],
  ...["ioredis@6.0.0", "kafkajs@2.2.4", "pg@8.16.3", "@types/pg@8.15.5"],
  // PostgreSQL in a Node process.
  ...["@electric-sql/pglite@0.5.14", "@electric-sql/pglite-socket@0.2.17"],
];
const PYTHON_CLIENT = fileURLToPath(new URL("../../clients/python", import.meta.url));
const PYTHON_PACKAGES = ["redis==7.1.0", "psycopg[binary]==3.3.9"];
const DATABASE_TIMEOUT_MS = 60_000;

export interface GuideFolder {
  /** The environment of the commands. */
  env: NodeJS.ProcessEnv;
  release(): Promise<void>;
}

/** Prepares a folder as a reader has it: with the clients, a database, and the key and the Redis of the stack. */
export async function prepareFolder(folder: string, address: string): Promise<GuideFolder> {
  const stackData = process.env.E2E_DATA_DIR ?? "";
  mkdirSync(join(folder, ".data"));
  writeFileSync(join(folder, ".data/api-key"), process.env.E2E_API_KEY ?? "");
  for (const name of ["redis.port", "redis.password"]) symlinkSync(join(stackData, name), join(folder, ".data", name));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await buildCommandLine();
  const vendor = join(folder, "vendor");
  mkdirSync(vendor);
  const packages = [await pack("typescript", vendor), await pack("cli", vendor)].map((name) => `./vendor/${name}`);
  const venv = join(folder, "venv");
  await Promise.all([
    // The peers of the last package are extensions of PostgreSQL.
    npm(folder, "install", "--legacy-peer-deps", ...packages, ...NPM_PACKAGES),
    run(await requirePython(), ["-m", "venv", venv]).then(() =>
      run(join(venv, "bin/pip"), ["install", "-q", PYTHON_CLIENT, ...PYTHON_PACKAGES]),
    ),
  ]);
  const database = await startDatabase(folder);
  const env = {
    ...process.env,
    PATH: [join(venv, "bin"), join(folder, "node_modules/.bin"), process.env.PATH].join(delimiter),
    SCHEDULES_URL: address,
    SCHEDULES_API_KEY: process.env.E2E_API_KEY,
    ADMIN_API_KEY: process.env.E2E_API_KEY,
    DATA_DIR: stackData,
    DATABASE_URL: database.url,
    // Playwright sets it, and Node would colour the output.
    FORCE_COLOR: "0",
  };
  return { env, release: database.stop };
}

async function startDatabase(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const program = join(folder, "node_modules/@electric-sql/pglite-socket/dist/scripts/server.js");
  const server = superviseChild(spawn(process.execPath, [program, `--port=${port}`], { stdio: "ignore" }));
  const deadline = Date.now() + DATABASE_TIMEOUT_MS;
  while (!(await accepts(port))) {
    if (server.failure || Date.now() > deadline) throw new Error(`PGlite did not start: ${server.failure}`);
    await pause(100);
  }
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => server.end("SIGTERM") };
}

/** Whether a connection is accepted. */
function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}
