import { z } from "zod";
import type { ChainedEntry, ChainLink } from "~/server/domain/audit/chain";
import { chainName, type Unchained } from "~/server/domain/audit/checkpoint";
import type { AuditChainStore, ChainedRow } from "~/server/ports/store/audit-chain";
import type { ClickHouse } from "../connection/client";
import { rowsOfObjects } from "../sql/compact-rows";

const Link = z.object({ seq: z.int(), hash: z.string() });
const Key = z.object({ key: z.string() });
const Json = z.object({ json: z.string() });
const Counted = z.object({ n: z.int() });
const Chain = z.object({ chain: z.int() });
const Entry = Link.extend({ entryId: z.string(), json: z.string(), columnsAgree: z.boolean() });
const Outside = z.object({ count: z.int(), digest: z.string() });

/** The defaults of the filter columns are computed from the JSON. These conditions find a column that was changed. */
const COLUMNS_AGREE = [
  "key = JSONExtractString(json, 'id')",
  "version = greatest(0, JSONExtractInt(json, 'at'))",
  "target = JSONExtractString(json, 'target')",
  "actor = JSONExtractString(json, 'actor')",
  "verb = JSONExtractString(json, 'action')",
  "result = if(JSONExtractString(json, 'result') = '', 'succeeded', JSONExtractString(json, 'result'))",
  "job = JSONExtractString(json, 'job')",
  "about = arrayConcat([target], if(job = '', [], [job]), JSONExtract(json, 'targets', 'Array(String)'))",
  "NOT deleted",
].join(" AND ");

/** Maximum number of ids in one query: the server limits the size of a parameter. */
const MAX_IDS = 1000;
const DELETE_SETTINGS = { lightweight_deletes_sync: "0" } as const;

/** The audit chains over one ClickHouse connection. */
export function createAuditChains(client: ClickHouse): AuditChainStore {
  const count = async (where: string, params: Record<string, number>) =>
    (await client.select(Counted, { sql: `SELECT count() AS n FROM audit WHERE ${where}`, params }))[0]?.n ?? 0;

  return {
    insertAudit: ({ token, chain, rows }) =>
      client.insert({ table: "audit", ...rowsOfObjects(rows.map((row) => columnsOf(row, chain))), token }),

    async auditHead(params): Promise<ChainLink | null> {
      const [link] = await client.select(Link, {
        sql: `SELECT seq, hash FROM audit WHERE chain = {chain:UInt32} AND seq > 0 AND seq >= {fromSeq:UInt64}
          ORDER BY seq DESC LIMIT 1`,
        params,
      });
      return link ?? null;
    },

    async recordedAudit(ids): Promise<Set<string>> {
      const found = new Set<string>();
      const sql = "SELECT DISTINCT key FROM audit WHERE key IN {ids:Array(String)}";
      for (let from = 0; from < ids.length; from += MAX_IDS) {
        const rows = await client.select(Key, { sql, params: { ids: ids.slice(from, from + MAX_IDS) } });
        for (const { key } of rows) found.add(key);
      }
      return found;
    },

    chainedAudit: (params): Promise<ChainedEntry[]> =>
      client.select(Entry, {
        sql: `SELECT seq, hash, key AS entryId, json, toBool(${COLUMNS_AGREE}) AS columnsAgree FROM audit
          WHERE chain = {chain:UInt32} AND seq > {afterSeq:UInt64} ORDER BY seq, key LIMIT {limit:UInt32}`,
        params,
      }),

    async nextAuditChain(after): Promise<number | null> {
      const [row] = await client.select(Chain, {
        sql: "SELECT toInt64(chain) AS chain FROM audit WHERE seq > 0 AND chain > {after:Int64} ORDER BY chain LIMIT 1",
        params: { after },
      });
      return row?.chain ?? null;
    },

    async auditCheckpoint(chain): Promise<string | null> {
      const [row] = await client.select(Json, {
        sql: `SELECT json FROM audit WHERE verb = 'audit.checkpoint' AND has(about, {name:String}) AND seq > 0
            AND (chain != {chain:UInt32} OR JSONExtractUInt(json, 'after', 'seq') < seq)
          ORDER BY key DESC LIMIT 1`,
        params: { name: chainName(chain), chain },
      });
      return row?.json ?? null;
    },

    async unchainedAudit(fromMs): Promise<Unchained> {
      const [row] = await client.select(Outside, {
        sql: `SELECT count() AS count,
            toString(sumWithOverflow(reinterpretAsUInt64(substring(SHA256(concat(key, json)), 1, 8)))) AS digest
          FROM audit WHERE seq = 0 AND version >= {from:UInt64}`,
        params: { from: Math.max(0, fromMs) },
      });
      return row ?? { count: 0, digest: "0" };
    },

    async expiredAudit(params): Promise<ChainLink | null> {
      const [link] = await client.select(Link, {
        sql: `SELECT seq, hash FROM audit WHERE chain = {chain:UInt32} AND seq > 0 AND seq < (
            SELECT if(countIf(version >= {beforeMs:UInt64}) = 0, max(seq) + 1, minIf(seq, version >= {beforeMs:UInt64}))
            FROM audit WHERE chain = {chain:UInt32} AND seq > 0)
          ORDER BY seq DESC LIMIT 1`,
        params,
      });
      return link ?? null;
    },

    async deleteAudit({ dryRun, ...params }): Promise<number> {
      const where = `(chain = {chain:UInt32} AND seq > 0 AND seq <= {toSeq:UInt64})
        OR (seq = 0 AND version < {beforeMs:UInt64})`;
      const n = await count(where, params);
      if (n > 0 && !dryRun) {
        await client.command({ sql: `DELETE FROM audit WHERE ${where}`, params, settings: DELETE_SETTINGS });
      }
      return n;
    },
  };
}

const columnsOf = ({ key, json, version, seq, hash }: ChainedRow, chain: number) => ({
  ...{ key, json, version, chain, seq, hash },
  deleted: false,
});
