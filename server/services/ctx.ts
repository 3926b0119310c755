import type { Logger } from "pino";
import type { Settings } from "~/server/domain/settings";
import type { Bus } from "~/server/ports/bus";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { SharedState } from "~/server/ports/shared-state/shared-state";
import type { Store } from "~/server/ports/store/store";
import type { Deadline } from "./deadline";

/** The settings in force. `current` is a cached snapshot, so hot paths may call it freely. */
export interface SettingsSource {
  current(): Settings;
  /**
   * False until what was saved has been read once: what is in force are then defaults, by which nothing may be deleted.
   */
  isKnown(): boolean;
  /** What the environment gives; it wins over the page. */
  readonly environment: Readonly<Partial<Settings>>;
  /** Reads what is stored anew, after a change of our own. */
  refresh(): Promise<void>;
}

/** Facts of the environment that services need; the rest of it stays in `server/env.ts`. */
export interface Facts {
  /** `KAFKA_TOPIC_PREFIX`. */
  topicPrefix: string;
  /** `KAFKA_GROUP_ID`. */
  kafkaGroupId: string;
  /** `SETUP_TOKEN`: opens the first-admin page while there is no account. */
  setupToken: string | null;
  /** `ADMIN_API_KEY`: a key with every right, never stored. */
  adminApiKey: string | null;
}

/** What a service may reach. Built once a process by `server/container.ts`; tests build their own. */
export interface Deps extends SharedState {
  hot: HotTier;
  store: Store;
  /** `null` in a process that does not publish. */
  bus: Bus | null;
  settings: SettingsSource;
  clock: { now(): number };
  /** 0 ≤ n < 1. */
  random: () => number;
  log: Logger;
  facts: Facts;
}

export type Right = "read" | "write" | "admin";
export type Role = "admin" | "operator" | "viewer" | "service";

/** Who calls. `scopes` are the rights of an API key; the other kinds go by their role. */
export interface Principal {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  via: "session" | "api_key" | "code" | "system";
  scopes?: readonly Right[];
}

/** One call: what it may reach, who makes it, and the id under which the log knows it. */
export interface Ctx {
  deps: Deps;
  principal: Principal | null;
  requestId: string;
  /** What is left of a web request's time; the reads of `deps.store` end with it. */
  deadline?: Deadline;
}

/** The principal of the product's own loops. */
export const SYSTEM_PRINCIPAL: Principal = {
  id: "system",
  email: null,
  name: "system",
  role: "admin",
  via: "system",
};
