import type { Logger } from "pino";
import { combined, compileRule, type Protection } from "~/server/domain/protection/compile";
import { appliesTo, type ProtectionRule } from "~/server/domain/protection/rule";
import type { SettingsChannel } from "~/server/ports/shared-state/settings-channel";
import type { Deps, ProtectionSource } from "~/server/services/ctx";
import { readRules } from "./stored";

/** Changes arrive by pub/sub. The poll finds changes that were missed while the connection was broken. */
const POLL_MS = 15_000;
/** Maximum number of topics whose combined rules are remembered. */
const MAX_TOPICS = 10_000;

interface Compiled {
  rule: ProtectionRule;
  version: number;
  protection: Protection;
}

export interface RunningProtectionSource extends ProtectionSource {
  /** Reads the rules, then follows changes. Throws if the rules cannot be read. Idempotent. */
  start(): Promise<void>;
  stop(): void;
}

/**
 * Compiles each version of a rule once. After a loss of Redis, the last known rules stay in force until the saved rules
 * are restored.
 */
export function createProtectionSource(input: {
  hot: Deps["hot"];
  settingsChannel: SettingsChannel;
  log: Logger;
}): RunningProtectionSource {
  const { hot, settingsChannel, log } = input;
  let compiled: readonly Compiled[] = [];
  let byTopic = new Map<string, Protection | null>();
  let ofUnknown: Protection | null = null;
  let timer: NodeJS.Timeout | undefined;
  let unfollow = () => {};

  /** Returns false, and keeps the last known rules, if Redis was lost. */
  async function load(): Promise<boolean> {
    const stored = await readRules({ hot });
    if (stored === null) return false;
    compiled = stored.flatMap(({ id, version, rule }) => {
      if (rule === null) return [];
      const known = compiled.find((one) => one.rule.topic === id && one.version === version);
      return [known ?? { rule, version, protection: compileRule(rule) }];
    });
    byTopic = new Map();
    ofUnknown = combined(compiled.map(({ protection }) => protection));
    return true;
  }

  const refreshQuietly = () =>
    load().catch((error: unknown) => log.error({ err: error }, "could not read the protection rules"));

  return {
    of(topic) {
      if (topic === null || compiled.length === 0) return ofUnknown;
      const known = byTopic.get(topic);
      if (known !== undefined) return known;
      const found = combined(compiled.filter(({ rule }) => appliesTo(rule, topic)).map((one) => one.protection));
      if (byTopic.size >= MAX_TOPICS) byTopic.clear();
      byTopic.set(topic, found);
      return found;
    },
    encrypts: (topic) => compiled.some(({ rule }) => rule.encrypt && (topic === null || appliesTo(rule, topic))),
    refresh: async () => void (await load()),
    async start() {
      if (timer) return;
      if (!(await load())) throw new Error("Redis lost its data while the protection rules were read.");
      timer = setInterval(refreshQuietly, POLL_MS);
      timer.unref();
      unfollow = settingsChannel.follow({
        changed: refreshQuietly,
        failed: (error) => log.debug({ err: error }, "protection rule subscription failed"),
      });
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      unfollow();
    },
  };
}
