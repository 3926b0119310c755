import { linkText, readLink } from "~/server/domain/audit/chain";
import { isSelfTest } from "~/server/domain/self-test";
import type { HotOutbox, OutboxBatch, UnreadablePart } from "~/server/ports/hot/outbox";
import { createYielder } from "~/server/timing/yield-to-event-loop";
import { bytesOf, decodeEntry, type OutboxContent, type UnreadablePair } from "./codec/outbox";
import { packId } from "./codec/packed-id";
import { compareStreamIds, streamIdAfter } from "./codec/stream-id";
import { chunks, type HotRedis } from "./hot-redis";
import { batchAckScript, batchReadScript, expireFencesScript, fenceAckScript } from "./script/scripts";

/** About 20,000 rows: enough for an insert, and few enough to decode the next batch during the insert. */
const MAX_BATCH_BYTES = 8_000_000;
/**
 * How long at least the fence of a deleted schedule stays. Longer than a retry or catch-up run usually waits, because a
 * claim cancels these runs only while the fence exists.
 */
const DELETED_FENCE_MS = 86_400_000;
/** Rows per call of fence_ack.lua, so that a call blocks Redis for a few milliseconds at most. */
const ACK_ROWS = 2000;
/** Entries per page when reading the newest first: up to 20 MB, because an entry has up to 100 rows or about 1 MB. */
const PAGE_ENTRIES = 20;
/** Everything that `append` adds goes to one shard, which keeps its order. */
const DOCUMENT_SHARD = 0;

type Entry = [id: string, fields: string[]];
/**
 * How long after connecting a batch may repeat recorded rows. After Redis has lost its last writes, occurrences are
 * usually settled again within this time.
 */
const MAY_REPEAT_MS = 600_000;

export function createOutbox(hot: HotRedis): HotOutbox {
  let connectedAt = performance.now();
  const onConnected = () => {
    connectedAt = performance.now();
  };
  // A restart or failover ends every connection, and may lose writes that were not yet on disk or on the replica.
  hot.redis.on("ready", onConnected);
  if (hot.redis.isCluster) hot.redis.on("+node", onConnected);
  return {
    async append(kind, json) {
      return (await hot.ask(hot.redis.xadd(hot.shard(DOCUMENT_SHARD).outbox, "*", kind, json))) as string;
    },

    async appendBytes(kind, { shard, bytes }) {
      await hot.ask(hot.redis.xadd(hot.shard(shard).outbox, "*", kind, bytes));
    },

    async readBatch({ shard, limit, after }) {
      const args = { limit, bytes: MAX_BATCH_BYTES, after: after?.lastId ?? "" };
      const [hasMore, entries] = (await hot.run(batchReadScript, { shard, args })) as [number, Entry[]];
      const first = entries[0];
      const last = entries.at(-1);
      if (!first || !last) return null;
      const content = emptyContent();
      const yieldIfDue = createYielder();
      const unreadable: UnreadablePart[] = [];
      for (const [id, fields] of entries) {
        decodeEntry(fields, content);
        if (content.unreadable.length > 0)
          unreadable.push(...(await rawBytes(hot, { shard, id, pairs: content.unreadable })));
        content.unreadable = [];
        // An await after each entry would be slow, so the yielder returns a promise only when it is time to yield.
        const turn = yieldIfDue();
        if (turn) await turn;
      }
      return {
        shard,
        lastId: last[0],
        insertToken: `${shard}:${first[0]}-${last[0]}`,
        entries: entries.length,
        more: hasMore === 1,
        ...content,
        unreadable,
        schedules: newestOfEach(content.schedules),
        mayRepeat: performance.now() - connectedAt < MAY_REPEAT_MS,
      };
    },

    async ackBatch({ batch, next, fenceTtlMs, auditHead }) {
      const { shard, lastId } = batch;
      const ttls = { fenceTtlMs, deletedTtlMs: Math.max(fenceTtlMs, DELETED_FENCE_MS) };
      // batch_ack.lua trims the outbox, so it comes last: if this recorder dies before that call, the next recorder
      // reads the same batch and repeats the whole acknowledgement.
      for (const rows of chunks(batch.schedules, ACK_ROWS)) {
        const items = rows.flatMap((row) => [packId(row.scheduleId), String(row.state.revision)]);
        await hot.run(fenceAckScript, { shard, args: ttls, items });
      }
      const head = auditHead ? linkText(auditHead) : "";
      const args = { last: lastId, after: streamIdAfter(lastId), next: next?.lastId ?? "", head };
      return (await hot.run(batchAckScript, { shard, args })) === 1;
    },

    async auditHead(shard) {
      return readLink(await hot.ask(hot.redis.get(hot.shard(shard).auditHead)));
    },

    async unflushed({ limit }) {
      const newest = await Promise.all(hot.shardNumbers.map((shard) => newestEntries(hot, shard, limit)));
      const entries = newest.flatMap((one) => one.entries).sort((a, b) => compareStreamIds(b.id, a.id));
      const content = emptyContent();
      let complete = newest.every((one) => one.complete);
      for (const entry of entries) {
        if (content.schedules.length >= limit || content.executions.length >= limit) {
          complete = false;
          break;
        }
        content.schedules.push(...entry.content.schedules.reverse());
        content.executions.push(...entry.content.executions.reverse());
        content.documents.push(...entry.content.documents.reverse());
      }
      // Lists and counts never include the self-test.
      const isShown = (row: { scheduleId: string }) => !isSelfTest(row.scheduleId);
      const schedules = newestOfEach(content.schedules).filter(isShown);
      const created = new Set(
        content.schedules.filter(({ state }) => state.revision === 1).map((row) => row.scheduleId),
      );
      const audit = content.documents.filter(({ kind }) => kind === "a").map(({ json }) => json);
      return { schedules, created, executions: content.executions.filter(isShown), audit, complete };
    },

    async expireFences({ limit }) {
      const counts = await Promise.all(
        hot.shardNumbers.map((shard) => hot.run(expireFencesScript, { shard, args: { limit } })),
      );
      return counts.reduce<number>((sum, count) => sum + Number(count), 0);
    },
  };
}

/** Reads the entry again as bytes, because decoding to text loses bytes that are not UTF-8. */
async function rawBytes(
  hot: HotRedis,
  { shard, id, pairs }: { shard: number; id: string; pairs: readonly UnreadablePair[] },
): Promise<UnreadablePart[]> {
  const found = await hot.ask(hot.redis.xrangeBuffer(hot.shard(shard).outbox, id, id));
  const fields = found[0]?.[1] ?? [];
  return pairs.map((pair) => {
    const bytes = bytesOf(
      pair,
      pair.blobsAt.map((at) => fields[at] ?? Buffer.alloc(0)),
    );
    return { id, kind: pair.kind, reason: pair.reason, bytes };
  });
}

interface DecodedEntry {
  id: string;
  content: OutboxContent;
}

/** Reads the newest entries of one shard until they have `limit` schedules or executions. Leaves out damaged pairs. */
async function newestEntries(hot: HotRedis, shard: number, limit: number) {
  const entries: DecodedEntry[] = [];
  const found = { schedules: 0, executions: 0 };
  let before = "+";
  while (found.schedules < limit && found.executions < limit) {
    const page = await hot.ask(hot.redis.xrevrange(hot.shard(shard).outbox, before, "-", "COUNT", PAGE_ENTRIES));
    for (const [id, fields] of page) {
      const content = emptyContent();
      decodeEntry(fields, content);
      entries.push({ id, content });
      found.schedules += content.schedules.length;
      found.executions += content.executions.length;
      before = `(${id}`;
    }
    if (page.length < PAGE_ENTRIES) return { entries, complete: true };
  }
  return { entries, complete: false };
}

function emptyContent(): OutboxContent {
  return { schedules: [], executions: [], documents: [], unreadable: [] };
}

/** The row with the highest revision of each schedule, in the order of first appearance. */
function newestOfEach(rows: OutboxBatch["schedules"]): OutboxBatch["schedules"] {
  const newest = new Map<string, OutboxBatch["schedules"][number]>();
  for (const row of rows) {
    const known = newest.get(row.scheduleId);
    if (!known || known.state.revision < row.state.revision) newest.set(row.scheduleId, row);
  }
  return [...newest.values()];
}
