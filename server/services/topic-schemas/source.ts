import type { Logger } from "pino";
import type { SettingsChannel } from "~/server/ports/shared-state/settings-channel";
import type { Deps, TopicSchemaSource } from "~/server/services/ctx";
import { compileSchema, type PayloadCheck } from "./compile";
import { readSchemas } from "./stored";

/** Changes arrive by pub/sub. The poll finds changes that were missed while the connection was broken. */
const POLL_MS = 15_000;

export interface RunningTopicSchemaSource extends TopicSchemaSource {
  /** Follows changes, and reads the schemas. Idempotent. */
  start(): Promise<void>;
  stop(): void;
}

/**
 * Compiles each version of a schema once. After a loss of Redis, the last known schemas stay in force until the saved
 * schemas are restored.
 */
export function createTopicSchemaSource(input: {
  hot: Deps["hot"];
  settingsChannel: SettingsChannel;
  log: Logger;
}): RunningTopicSchemaSource {
  const { hot, settingsChannel, log } = input;
  let compiled: ReadonlyMap<string, { version: number; check: PayloadCheck | null }> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let unfollow = () => {};

  async function refresh(): Promise<void> {
    const stored = await readSchemas({ hot });
    if (stored === null) return;
    const next = new Map<string, { version: number; check: PayloadCheck | null }>();
    for (const { id, version, schema } of stored) {
      const known = compiled.get(id);
      next.set(
        id,
        known?.version === version ? known : { version, check: schema === null ? null : compile(id, schema) },
      );
    }
    compiled = next;
  }

  /** Returns null if the schema does not compile, such as one of a newer release. Payloads are then not checked. */
  function compile(topic: string, schema: string): PayloadCheck | null {
    try {
      return compileSchema(schema);
    } catch (error) {
      log.error({ err: error, topic }, "ignored the payload schema of a topic: it does not compile");
      return null;
    }
  }

  const refreshQuietly = () =>
    refresh().catch((error: unknown) => log.warn({ err: error }, "could not read payload schemas"));

  return {
    checkOf: (topic) => compiled.get(topic)?.check ?? null,
    refresh,
    async start() {
      if (timer) return;
      timer = setInterval(refreshQuietly, POLL_MS);
      timer.unref();
      unfollow = settingsChannel.follow({
        changed: refreshQuietly,
        failed: (error) => log.debug({ err: error }, "payload schema subscription failed"),
      });
      await refreshQuietly();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      unfollow();
    },
  };
}
