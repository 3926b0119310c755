import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_ARGS } from "../server/node-args.mjs";
import { ensureBuild } from "./start/build.mjs";
import { endGroup, supervise } from "./start/children.mjs";
import { requireDataDir } from "./start/data-dir.mjs";
import { ensureDependencies, requireNode } from "./start/deps.mjs";
import {
  embeddedRedisPort,
  localUrl,
  readEnvironment,
  requireReachableStores,
  requireValidEnvironment,
  stackLocation,
} from "./start/environment.mjs";
import { modeEnvironment, removeEphemeral } from "./start/ephemeral.mjs";
import { apiKeyOf } from "./start/keys.mjs";
import { requireOpenFiles } from "./start/limits.mjs";
import { acquireLock } from "./start/lock.mjs";
import { get, requireFreePort, until } from "./start/network.mjs";
import { displayPath, say, sayError } from "./start/output.mjs";
import { makePrivate, readOrCreateSecret } from "./start/private-files.mjs";
import {
  requireRedisServer,
  startClickHouse,
  startRedis,
  WITHOUT_CLICKHOUSE_LOGIN,
  WITHOUT_LOGIN,
} from "./start/services.mjs";
import { endSteps, step } from "./start/step.mjs";

/*
 * `npm start` runs the whole stack in the foreground on a machine that has only Node. It imports no npm packages at its
 * start, because it installs them. Ctrl-C stops everything in reverse order.
 */
const USAGE = `Usage: npm start            builds and runs the stack for production
       npm run dev          runs the stack and reloads it on changes
       … -- --demo          fills an empty installation with sample schedules and two weeks of history
       … -- --api-key       creates an API key with every right and prints its location
       … -- --ephemeral     keeps all data in a temporary folder, which is removed at the end
       … -- --ephemeral --virtual-clock
                            adds POST /api/v1/test/clock, by which tests move the time
Variables are described in .env.example. A file .env is read if it exists.`;
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OPTIONS = ["--dev", "--demo", "--api-key", "--ephemeral", "--virtual-clock"];
const HEALTHY_TIMEOUT_MS = 120_000;

/** In the order of their start. */
const children = [];
let lock = null;
let stopping = null;

/** Stops all children in reverse order. A second call kills the remaining children at once. */
function stop(exitCode) {
  if (stopping) {
    for (const child of children) child.killNow();
    return stopping;
  }
  stopping = (async () => {
    await endSteps();
    for (const child of children.toReversed()) await child.stop();
    lock?.release();
    removeEphemeral();
    process.exit(exitCode);
  })();
  return stopping;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    say(stopping ? "Killing the remaining processes" : "Stopping …");
    void stop(0);
  });
}
// After an error in this script, no child must outlive it.
process.on("exit", () => {
  for (const child of children) child.killNow();
  removeEphemeral();
});

async function main() {
  const args = process.argv.slice(2);
  const isDev = args.includes("--dev");
  const isDemo = args.includes("--demo");
  const unknown = args.filter((arg) => !OPTIONS.includes(arg));
  if (unknown.length > 0) {
    say(USAGE);
    process.exit(unknown.some((arg) => arg === "--help" || arg === "-h") ? 0 : 2);
  }
  requireNode(ROOT);
  requireOpenFiles();
  const environment = modeEnvironment(readEnvironment(ROOT), args);
  const location = await stackLocation({ root: ROOT, environment });
  const { dataDir, host, port } = location;
  const address = localUrl(location);
  requireDataDir(dataDir);
  makePrivate(dataDir);
  lock = acquireLock({ dataDir, address });
  for (const orphan of lock.orphans) {
    say(`Stopping ${orphan.name} (${orphan.pid}), left over from a stack that was killed`);
    await endGroup({ pid: orphan.pid, graceMs: 15_000 });
  }
  await requireFreePort({ host, port });
  await ensureDependencies(ROOT);
  await requireValidEnvironment(environment);
  const redisServer = environment.REDIS_URL ? null : await requireRedisServer();
  if (!isDev) await ensureBuild(ROOT);

  const apiKey = apiKeyOf({ environment, dataDir, createIfMissing: args.includes("--api-key") });
  const childEnv = {
    ...environment,
    ...(apiKey ? { ADMIN_API_KEY: apiKey.key } : {}),
    NODE_ENV: isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATA_DIR: dataDir,
    HOST: host,
    PORT: String(port),
  };
  const start = ({ env = childEnv, ...child }) => {
    if (stopping) throw new Error("stopped while starting");
    const started = supervise({ ...child, env, cwd: ROOT, logDir: join(dataDir, "logs"), onSpawn: lock.add });
    children.push(started);
    return started;
  };

  if (redisServer) {
    const port = embeddedRedisPort(environment);
    const redis = await startRedis({ binary: redisServer, dataDir, start, port, env: childEnv });
    Object.assign(childEnv, WITHOUT_LOGIN, { REDIS_URL: redis.url });
    say(`Redis       redis://127.0.0.1:${redis.port}, password in ${displayPath(redis.passwordFile)}`);
  } else {
    say(`Redis       ${withoutPassword(childEnv.REDIS_URL)}`);
  }
  if (childEnv.CLICKHOUSE_URL) {
    say(`ClickHouse  ${withoutPassword(childEnv.CLICKHOUSE_URL)}`);
  } else {
    const passwordFile = join(dataDir, "clickhouse.password");
    Object.assign(childEnv, WITHOUT_CLICKHOUSE_LOGIN);
    childEnv.CLICKHOUSE_URL = await startClickHouse({
      dataDir,
      start,
      env: childEnv,
      password: readOrCreateSecret(passwordFile),
    });
    const { host: where } = new URL(childEnv.CLICKHOUSE_URL);
    say(`ClickHouse  http://${where}, user default, password in ${displayPath(passwordFile)}`);
  }
  say(
    `Bus         ${childEnv.KAFKA_BROKERS ? `Kafka at ${childEnv.KAFKA_BROKERS}` : "Redis Streams; read a topic with: npm run events -- --topic NAME"}`,
  );

  await requireReachableStores(childEnv);
  if (isDemo) await seedDemo(childEnv);

  const setupToken = environment.SETUP_TOKEN ?? randomToken();
  const node = process.execPath;
  const watchArgs = ["node_modules/tsx/dist/cli.mjs", "watch", "--clear-screen=false"];
  const workerArgs = isDev ? watchArgs : [...NODE_ARGS, "--import", "tsx"];
  start({ name: "worker", command: [node, ...workerArgs, "worker/main.ts"], graceMs: 30_000 });
  const next = ["node_modules/next/dist/bin/next", isDev ? "dev" : "start", "-H", host, "-p", String(port)];
  start({
    name: "web",
    // `next dev` passes its Node options on in NODE_OPTIONS, which does not accept V8 options.
    command: [node, ...(isDev ? [] : NODE_ARGS), ...next],
    env: { ...childEnv, SETUP_TOKEN: setupToken },
    graceMs: 10_000,
  });
  await untilHealthy(address);
  say(`\nReady: ${address}`);
  if (childEnv.VIRTUAL_CLOCK) say(`Virtual clock: POST ${address}/api/v1/test/clock {"advance": "PT1H"}`);
  if (await isSetupNeeded({ address, setupToken })) {
    say(`No account yet. Create the first one here (works once): ${address}/setup?token=${setupToken}`);
  }
  if (apiKey?.file) say(`API key: export ADMIN_API_KEY="$(cat ${displayPath(apiKey.file)})"`);
  else if (!apiKey)
    say("API keys: Settings > API keys once you have signed in, or restart with: npm start -- --api-key");
}

/** Must run before the worker starts, so that the worker loads the sample schedules. */
async function seedDemo(env) {
  await step({
    title: "Filling an empty installation with demo data",
    command: [process.execPath, "--import", "tsx", "scripts/demo.ts"],
    cwd: ROOT,
    env,
  });
}

/** Waits until the product is healthy. After HEALTHY_TIMEOUT_MS, prints the last answer and continues to wait. */
async function untilHealthy(address) {
  let last = null;
  const ask = async () => {
    last = await get(`${address}/api/v1/schedules/monitoring/health`);
    return last?.status === 200;
  };
  try {
    await until({ what: "The web app", timeoutMs: HEALTHY_TIMEOUT_MS, ask });
  } catch (error) {
    sayError(`${error.message}. Still trying; the last answer was: ${last ? last.text.slice(0, 500) : "none"}`);
    await until({ what: "The web app", timeoutMs: Number.POSITIVE_INFINITY, ask });
  }
}

async function isSetupNeeded({ address, setupToken }) {
  const answer = await get(`${address}/api/setup-status`, { "x-setup-token": setupToken });
  try {
    return answer?.status === 200 && JSON.parse(answer.text).needed === true;
  } catch {
    return false;
  }
}

const randomToken = () => randomBytes(32).toString("base64url");

/** `url` may list several hosts, which the URL class of Node does not parse. */
const withoutPassword = (url) => url.replace(/(:\/\/[^/@]*?):[^/]*@/, "$1:***@");

try {
  await main();
} catch (error) {
  if (!stopping) {
    const isExpected = ["Error", "LockedError", "EnvError", "StartFault"].includes(error.name);
    sayError(isExpected ? error.message : error.stack);
    await stop(1);
  }
}
