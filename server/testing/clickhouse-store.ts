import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { createStore } from "~/server/adapters/clickhouse/store";
import { startEmbedded } from "~/server/embedded-clickhouse/start";
import type { Store } from "~/server/ports/store/store";
import { aDatabase, createTables, dropDatabase } from "./test-database";

export interface TestClickHouse {
  url: string;
  /** Connects to a database of this test, which need not exist yet. `stop` drops it. */
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
  const clients = new Map<ClickHouse, string>();
  const connect = (database: string) => {
    const client = createClickHouse({ url, database });
    clients.set(client, database);
    return client;
  };
  return {
    url,
    connect,
    async openStore(options) {
      const database = aDatabase();
      const client = connect(database);
      await createTables(client, { url, database });
      return { client, store: createStore(client, options) };
    },
    async stop() {
      for (const [client, database] of clients) {
        await client.close();
        if (embedded === null) await dropDatabase(url, database);
      }
      await embedded?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
