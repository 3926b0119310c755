import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster, Redis } from "ioredis";
import { freePort, type RunningRedis, startRedis } from "~/scripts/services/redis";

const MASTERS = 3;
const SLOTS = 16_384;
const READY_MS = 30_000;

export interface RunningCluster {
  cluster: Cluster;
  stop(): Promise<void>;
}

/** A Redis Cluster of three masters on loopback, each with a third of the slots; resolves when all of them say that it is whole. */
export async function startRedisCluster(): Promise<RunningCluster> {
  const dir = await mkdtemp(join(tmpdir(), "redis-cluster-"));
  const nodes: RunningRedis[] = [];
  for (let i = 0; i < MASTERS; i += 1) {
    // The port of the cluster's own bus, by default 10,000 higher, might be above what a port may be.
    const extraArgs = [
      "--cluster-enabled",
      "yes",
      "--cluster-port",
      String(await freePort()),
      "--cluster-node-timeout",
      "5000",
    ];
    nodes.push(await startRedis({ dir: join(dir, String(i)), extraArgs }));
  }
  const clients = nodes.map((node) => new Redis(node.url));
  await Promise.all(clients.map((client, i) => client.call("CLUSTER", "ADDSLOTSRANGE", ...range(i))));
  const [first, ...others] = clients as [Redis, ...Redis[]];
  for (const [i, other] of others.entries()) {
    const port = (nodes[i + 1] as RunningRedis).port;
    const busPort = /@(\d+)/.exec(String(await other.call("CLUSTER", "NODES")))?.[1] as string;
    await first.call("CLUSTER", "MEET", "127.0.0.1", port, busPort);
  }
  await whole(clients);
  for (const client of clients) client.disconnect();
  const cluster = new Cluster(
    nodes.map((node) => ({ host: "127.0.0.1", port: node.port })),
    { redisOptions: { protocol: 2, autoResendUnfulfilledCommands: false } },
  );
  cluster.on("error", () => undefined);
  return {
    cluster,
    async stop() {
      cluster.disconnect();
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function range(i: number): [from: number, to: number] {
  const each = Math.ceil(SLOTS / MASTERS);
  return [i * each, Math.min(SLOTS, (i + 1) * each) - 1];
}

async function whole(clients: readonly Redis[]): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const infos = await Promise.all(clients.map((client) => client.call("CLUSTER", "INFO").then(String)));
    if (infos.every((info) => info.includes("cluster_state:ok") && info.includes(`cluster_size:${MASTERS}`))) return;
    await pause(100);
  }
  throw new Error(`the cluster was not whole within ${READY_MS / 1000} s`);
}
