import type { CopiedDocument, CopiedKind, HotCopies } from "~/server/ports/hot/copies";
import { chunks, type HotRedis } from "./hot-redis";
import type { CopyKeys } from "./keys";
import { runScript } from "./script/script";
import { copyDocumentsScript } from "./script/scripts";

/** The field of the hash `rows` that marks the copy as complete. No document has this key. */
const COMPLETE = "*";
const CALL_ROWS = 500;

/** Copies of small ClickHouse tables. After a loss of Redis a copy is incomplete until it is filled again. */
export function createCopies(hot: HotRedis): HotCopies {
  const { redis } = hot;
  const keysOf = (kind: CopiedKind): CopyKeys => hot.keys.copies[kind];

  async function copiedOne(kind: CopiedKind, key: string) {
    const [json = null, complete = null] = await hot.ask(redis.hmget(keysOf(kind).rows, key, COMPLETE));
    return { complete: complete !== null, json };
  }

  return {
    async copyDocuments(kind, documents) {
      let changed = 0;
      for (const chunk of chunks(documents, CALL_ROWS)) {
        const call = { keys: { ...keysOf(kind) }, args: {}, items: chunk.flatMap(encodeDocument) };
        changed += Number(await hot.ask(runScript(redis, copyDocumentsScript, call)));
      }
      return changed;
    },

    async completeCopy(kind) {
      await hot.ask(redis.hset(keysOf(kind).rows, COMPLETE, "1"));
    },

    isCopied: async (kind) => (await hot.ask(redis.hexists(keysOf(kind).rows, COMPLETE))) === 1,

    async copied(kind) {
      const { [COMPLETE]: complete, ...rows } = await hot.ask(redis.hgetall(keysOf(kind).rows));
      return { complete: complete !== undefined, rows: new Map(Object.entries(rows)) };
    },

    copiedOne,

    async copiedByIndex(kind, index) {
      const key = await hot.ask(redis.hget(keysOf(kind).index, index));
      // No document has an empty key, so without an index entry only `complete` is read.
      return copiedOne(kind, key ?? "");
    },
  };
}

function encodeDocument({ key, version, deleted, index, json }: CopiedDocument): string[] {
  return [key, String(version), deleted ? "d" : "", index ?? "", json];
}
