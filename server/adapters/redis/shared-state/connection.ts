import type { Connection } from "~/server/ports/shared-state/connection";
import type { Redis } from "../connection/redis-types";

export function createConnection(redis: Redis): Connection {
  return {
    async ping() {
      await redis.ping();
    },

    onConnected(listener) {
      redis.on("ready", listener);
      // The client of a cluster stays ready when a node is added or replaced.
      if (redis.isCluster) redis.on("+node", listener);
      return () => {
        redis.off("ready", listener);
        redis.off("+node", listener);
      };
    },
  };
}
