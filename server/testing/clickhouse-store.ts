import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { createStore } from "~/server/adapters/clickhouse/store";
import { startEmbedded } from "~/server/embedded-clickhouse/start";
import type { Store } from "~/server/ports/store/store";

export interface TestClickHouse {
  url: string;
  /** Connects to a database, which need not exist yet. */
  connect(database: string): ClickHouse;
  /** Opens a store in a new database. */
  openStore(options?: { rollups?: () => boolean }): Promise<{ store: Store; client: ClickHouse }>;
  stop(): Promise<void>;
}

/** Uses the ClickHouse of `npm test`, or starts one. */
export async function startTestClickHouse(): Promise<TestClickHouse> {
  const existingUrl = process.env.TEST_CLICKHOUSE_URL;
  const dir = await mkdtemp(join(tmpdir(), "stufio-store-"));
  const embedded = existingUrl === undefined ? await startEmbedded({ path: join(dir, "clickhouse") }) : null;
  const url = existingUrl ?? (embedded as { url: string }).url;
  const clients: ClickHouse[] = [];
  const connect = (database: string) => {
    const client = createClickHouse({ url, database });
    clients.push(client);
    return client;
  };
  return {
    url,
    connect,
    async openStore(options) {
      const database = aDatabase();
      const client = connect(database);
      await migrate(client, { database, cluster: null, withLock: (run) => run() });
      return { client, store: createStore(client, options) };
    },
    async stop() {
      for (const client of clients) await client.close();
      await embedded?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A unique database name. */
export function aDatabase(): string {
  return `t${randomUUID().replaceAll("-", "").slice(0, 12)}`;
}
