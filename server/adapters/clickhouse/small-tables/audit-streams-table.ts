import { z } from "zod";
import type { AuditStreamStore } from "~/server/ports/store/audit-streams";
import type { ClickHouse } from "../connection/client";
import { rowsOfObjects } from "../sql/compact-rows";

const Row = z.object({ chain: z.int(), seq: z.int() });

export function createAuditStreams(client: ClickHouse): AuditStreamStore {
  return {
    async deliveredAudit(receiver) {
      const sql = "SELECT chain, max(seq) AS seq FROM audit_streams WHERE sink = {receiver:String} GROUP BY chain";
      return new Map((await client.select(Row, { sql, params: { receiver } })).map(({ chain, seq }) => [chain, seq]));
    },

    async recordDelivered({ receiver, chain, seq }) {
      const rows = rowsOfObjects([{ sink: receiver, chain, seq }]);
      await client.insert({ table: "audit_streams", ...rows, token: `${receiver}:${chain}:${seq}` });
    },
  };
}
