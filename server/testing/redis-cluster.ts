import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster, Redis } from "ioredis";
import { freePort } from "~/server/testing/services/free-port";
import { type RunningRedis, startRedis } from "~/server/testing/services/redis";

const MASTERS = 3;
const SLOTS = 16_384;
const READY_MS = 30_000;
/** A node that is silent for this long is considered dead. */
const NODE_TIMEOUT_MS = 2000;

export interface RunningCluster {
  cluster: Cluster;
  /** For `REDIS_URL`. */
  url: string;
  /** Ends the master of the key's slot with `kill -9` and waits until its replica has taken over. */
  failOver(key: string): Promise<void>;
  /** Restarts the killed nodes as replicas of the new masters. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

interface Node {
  server: RunningRedis;
  port: number;
  dir: string;
  busPort: number;
  isUp: boolean;
}

/**
 * Starts a Redis Cluster of three masters on loopback, optionally with a replica each.
 */
export async function startRedisCluster(
  input: { replicas?: boolean; appendonly?: boolean } = {},
): Promise<RunningCluster> {
  const dir = await mkdtemp(join(tmpdir(), "redis-cluster-"));
  const nodes: Node[] = [];
  const count = input.replicas ? MASTERS * 2 : MASTERS;
  for (let i = 0; i < count; i += 1) {
    const place = { port: await freePort(), busPort: await freePort(), dir: join(dir, String(i)) };
    nodes.push({ ...place, server: await startNode({ ...place, appendonly: input.appendonly }), isUp: true });
  }
  const clients = nodes.map(({ server }) => new Redis(server.url));
  const [first, ...others] = clients as [Redis, ...Redis[]];
  await Promise.all(
    clients.slice(0, MASTERS).map((client, i) => client.call("CLUSTER", "ADDSLOTSRANGE", ...slotRange(i))),
  );
  for (const [i] of others.entries()) {
    const { port, busPort } = nodes[i + 1] as Node;
    await first.call("CLUSTER", "MEET", "127.0.0.1", port, busPort);
  }
  await untilWhole(clients.slice(0, MASTERS), nodes.length);
  for (const [i, replica] of clients.slice(MASTERS).entries()) {
    const master = String(await (clients[i] as Redis).call("CLUSTER", "MYID"));
    await until(`node ${i} is known to its replica`, async () => {
      await replica.call("CLUSTER", "REPLICATE", master);
      return true;
    });
  }
  await until("every replica is in step with its master", async () => {
    const infos = await Promise.all(clients.slice(MASTERS).map((client) => client.info("replication")));
    return infos.every((info) => info.includes("master_link_status:up"));
  });
  for (const client of clients) client.disconnect();
  const cluster = new Cluster(
    nodes.map(({ port }) => ({ host: "127.0.0.1", port })),
    { slotsRefreshInterval: 1000, redisOptions: { protocol: 2, autoResendUnfulfilledCommands: false } },
  );
  cluster.on("error", () => undefined);

  return {
    cluster,
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    async failOver(key) {
      const slot = Number(await cluster.cluster("KEYSLOT", key));
      const old = await masterOf(nodes, slot);
      old.isUp = false;
      await old.server.kill9();
      await until(`a replica has taken over slot ${slot}`, async () => (await masterOf(nodes, slot)) !== old);
    },
    async revive() {
      for (const node of nodes.filter(({ isUp }) => !isUp)) {
        node.server = await startNode({ ...node, appendonly: input.appendonly });
        node.isUp = true;
      }
    },
    async stop() {
      cluster.disconnect();
      await Promise.all(nodes.map(({ server }) => server.stop()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Sets `busPort`, because the default is `port` plus 10,000, which may not be a valid port. */
function startNode(input: { dir: string; port: number; busPort: number; appendonly?: boolean }): Promise<RunningRedis> {
  const { dir, port, busPort, appendonly } = input;
  const extraArgs = Object.entries({
    "--cluster-enabled": "yes",
    "--cluster-port": busPort,
    "--cluster-node-timeout": NODE_TIMEOUT_MS,
    "--maxmemory-policy": "noeviction",
  }).flatMap(([name, value]) => [name, String(value)]);
  return startRedis({ dir, port, appendonly, extraArgs });
}

/** The master of the slot. Throws while the live nodes do not agree on it. */
async function masterOf(nodes: readonly Node[], slot: number): Promise<Node> {
  const living = nodes.filter(({ isUp }) => isUp);
  const ports = await Promise.all(living.map(({ server }) => masterPort(server.url, slot)));
  const found = nodes.find(({ port }) => port === ports[0]);
  if (!found?.isUp || new Set(ports).size !== 1) throw new Error(`no agreed master of slot ${slot}`);
  return found;
}

async function masterPort(url: string, slot: number): Promise<number> {
  const client = new Redis(url);
  try {
    const shards = (await client.call("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
    return shards.find(([from, to]) => from <= slot && slot <= to)?.[2][1] ?? 0;
  } finally {
    client.disconnect();
  }
}

function slotRange(i: number): [from: number, to: number] {
  const each = Math.ceil(SLOTS / MASTERS);
  return [i * each, Math.min(SLOTS, (i + 1) * each) - 1];
}

function untilWhole(clients: readonly Redis[], known: number): Promise<void> {
  return until("the cluster is whole", async () => {
    const infos = await Promise.all(clients.map((client) => client.call("CLUSTER", "INFO").then(String)));
    return infos.every(
      (info) =>
        info.includes("cluster_state:ok") &&
        info.includes(`cluster_size:${MASTERS}`) &&
        info.includes(`cluster_known_nodes:${known}`),
    );
  });
}

async function until(what: string, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let reason = "";
  while (Date.now() < deadline) {
    try {
      if (await ready()) return;
    } catch (error) {
      reason = `: ${(error as Error).message}`;
    }
    await pause(100);
  }
  throw new Error(`timed out after ${READY_MS / 1000} s, waiting until ${what}${reason}`);
}
