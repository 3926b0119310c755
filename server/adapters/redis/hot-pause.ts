import type { FiringPause, HotPause } from "~/server/ports/hot/pause";
import type { HotRedis } from "./hot-redis";

const NO_END = "0";

/** The text of a pause in Redis and in the arguments of scripts (lua/includes/pause.lua); "" for no pause. */
export function encodePause(pause: FiringPause | null): string {
  return pause === null ? "" : String(pause.untilMs ?? NO_END);
}

export function decodePause(text: string | null): FiringPause | null {
  if (text === null || text === "") return null;
  return { untilMs: text === NO_END ? null : Number(text) };
}

/** The pause of all firing, which each shard stores so that its claims can read it. */
export function createPause({ redis, keys, ask }: HotRedis): HotPause {
  return {
    async setPause(pause) {
      const set = (key: string) => (pause ? ask(redis.set(key, encodePause(pause))) : ask(redis.del(key)));
      await Promise.all(keys.shards.map(({ paused }) => set(paused)));
      if (pause === null) await ask(redis.publish(keys.wake, "0"));
    },

    pauses: () => Promise.all(keys.shards.map(async ({ paused }) => decodePause(await ask(redis.get(paused))))),
  };
}
