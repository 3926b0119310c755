import type { SettingsChannel } from "~/server/ports/shared-state/settings-channel";
import { duplicateRedis } from "../connection/client";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createSettingsChannel(redis: Redis, { settingsChanged: channel }: SharedKeys): SettingsChannel {
  return {
    async announce(names) {
      await redis.publish(channel, names.join(","));
    },

    follow({ changed, failed }) {
      const connection = duplicateRedis(redis);
      connection.on("error", failed);
      connection.on("message", changed);
      // Subscribes at each connection: Redis may be unreachable when the process starts.
      connection.on("ready", () => {
        connection.subscribe(channel).catch(() => undefined);
      });
      return () => connection.disconnect();
    },
  };
}
