import type { Mark, Marks } from "~/server/ports/shared-state/marks";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createMarks(redis: Redis, keys: SharedKeys): Marks {
  return {
    set: async (mark, ttlMs) => (await redis.set(keyOf(keys, mark), "1", "PX", ttlMs, "NX")) !== null,
    isSet: async (mark) => (await redis.exists(keyOf(keys, mark))) === 1,

    async clear(mark) {
      await redis.del(keyOf(keys, mark));
    },
  };
}

function keyOf(keys: SharedKeys, mark: Mark): string {
  switch (mark.kind) {
    case "quarantineNoted":
      return keys.quarantineNoted(mark.id);
    case "quarantineDeciding":
      return keys.quarantineDeciding(mark.id);
    case "firstAccount":
      return keys.access.firstAccount;
  }
}
