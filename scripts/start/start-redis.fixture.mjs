import { join } from "node:path";
import { supervise } from "./children.mjs";
import { makePrivate } from "./private-files.mjs";
import { requireRedisServer, startRedis } from "./services.mjs";

/*
 * `start-redis.fixture.mjs DATA_DIR PORT` starts the embedded Redis and prints its URL or the error. Port 0 means the
 * port of the last start.
 */
const [dataDir, port] = process.argv.slice(2);
const children = [];
const start = (child) => {
  const started = supervise({
    ...child,
    env: process.env,
    cwd: dataDir,
    logDir: join(dataDir, "logs"),
    onSpawn: () => undefined,
  });
  children.push(started);
  return started;
};

process.on("SIGTERM", async () => {
  for (const child of children) await child.stop();
  process.exit(0);
});

try {
  makePrivate(dataDir);
  const { url } = await startRedis({ binary: await requireRedisServer(), dataDir, start, port: Number(port) || null });
  process.stdout.write(`${JSON.stringify({ url, pid: children[0].pid })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  process.exit(1);
}
