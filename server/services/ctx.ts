import type { Logger } from "pino";
import type { Settings } from "~/server/domain/settings";
import type { Bus } from "~/server/ports/bus";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { SharedState } from "~/server/ports/shared-state/shared-state";
import type { Store } from "~/server/ports/store/store";
import type { Deadline } from "./deadline";
import type { Reach } from "./reach";
import type { VerifiedSessions } from "./verified-sessions";

/** The settings in force. `current` is a cached snapshot, so hot paths may call it freely. */
export interface SettingsSource {
  current(): Settings;
  /**
   * False until the saved settings have been read. Until then the settings in force are defaults, and nothing may be
   * deleted by them.
   */
  isKnown(): boolean;
  /** The settings that the environment sets. They override saved settings. */
  readonly environment: Readonly<Partial<Settings>>;
  /** Reloads the stored settings after a change by this process. */
  refresh(): Promise<void>;
}

/** Environment values that services need. The rest stays in `server/env.ts`. */
export interface Facts {
  /** `KAFKA_TOPIC_PREFIX`. */
  topicPrefix: string;
  /** `KAFKA_GROUP_ID`. */
  kafkaGroupId: string;
  /** `SETUP_TOKEN`: opens the page that creates the first admin, while there is no account. */
  setupToken: string | null;
  /** `ADMIN_API_KEY`: a key with every right, never stored. */
  adminApiKey: string | null;
}

/** The dependencies of the services. Created once per process by `server/container.ts`; tests create their own. */
export interface Deps extends SharedState {
  hot: HotTier;
  store: Store;
  /** `null` in a process that does not publish. */
  bus: Bus | null;
  settings: SettingsSource;
  clock: { now(): number };
  /** Which stores respond. */
  reach: Reach;
  /** Who called lately, for the time in which Redis does not respond. */
  verifiedSessions: VerifiedSessions;
  /** 0 ≤ n < 1. */
  random: () => number;
  log: Logger;
  facts: Facts;
}

export type Right = "read" | "write" | "admin";
export type Role = "admin" | "operator" | "viewer" | "service";

/** The caller. `scopes` are the rights of an API key; other callers have the rights of their role. */
export interface Principal {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  via: "session" | "api_key" | "code" | "system";
  scopes?: readonly Right[];
  /** Redis did not respond, so the session is that of an earlier check. Such a caller may only read. */
  unverified?: true;
}

/** One call: its dependencies, its caller, and its id in the log. */
export interface Ctx {
  deps: Deps;
  principal: Principal | null;
  requestId: string;
  /** The deadline of a web request; it also ends the reads of `deps.store`. */
  deadline?: Deadline;
}

/** The principal of the worker's loops. */
export const SYSTEM_PRINCIPAL: Principal = {
  id: "system",
  email: null,
  name: "system",
  role: "admin",
  via: "system",
};
