import type { Logger } from "pino";
import type { OidcSettings } from "~/server/domain/oidc";
import type { Protection } from "~/server/domain/protection/compile";
import type { EncryptionKey } from "~/server/domain/protection/sealed";
import type { TopicPrefixes } from "~/server/domain/scope";
import type { Settings } from "~/server/domain/settings";
import type { PayloadFault } from "~/server/domain/topic-schema";
import type { BreachedPasswords } from "~/server/ports/breached-passwords";
import type { Bus } from "~/server/ports/bus";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { SharedState } from "~/server/ports/shared-state/shared-state";
import type { Store } from "~/server/ports/store/store";
import type { VirtualClock } from "~/server/ports/virtual-clock";
import type { Deadline } from "./deadline";
import type { Principal } from "./principal";
import type { Reach } from "./reach";
import type { VerifiedSessions } from "./verified-sessions";

/** The settings in force. `current` is a cached snapshot, so hot paths may call it freely. */
export interface SettingsSource {
  current(): Settings;
  /**
   * False until the saved settings have been read. Until then defaults and the environment are in force, and nothing
   * may be deleted by them.
   */
  isKnown(): boolean;
  /** The settings that the environment sets. They override saved settings. */
  readonly environment: Readonly<Partial<Settings>>;
  /** Reloads the stored settings after a change by this process. */
  refresh(): Promise<void>;
}

/** The payload schemas in force, compiled. `checkOf` is a look-up, so hot paths may call it freely. */
export interface TopicSchemaSource {
  /** Returns the check that lists where a payload violates the schema of the topic; null if the topic has no schema. */
  checkOf(topic: string): ((payload: unknown) => PayloadFault[]) | null;
  /** Reloads the schemas after a change by this process. */
  refresh(): Promise<void>;
}

/** The protection rules in force, compiled. `of` is a look-up, so hot paths may call it freely. */
export interface ProtectionSource {
  /** The rules for a topic, or all rules for content of an unknown topic. Null if nothing is masked. */
  of(topic: string | null): Protection | null;
  /** Whether contents of a topic are encrypted where they are stored; null: of any topic. */
  encrypts(topic: string | null): boolean;
  /** Reloads the rules after a change by this process. */
  refresh(): Promise<void>;
}

/** Environment values that services need. The rest stays in `server/env.ts`. */
export interface ServiceEnv {
  /** `KAFKA_TOPIC_PREFIX`. */
  topicPrefix: string;
  /** `KAFKA_GROUP_ID`. */
  kafkaGroupId: string;
  /** `SETUP_TOKEN`: opens the page that creates the first admin, while there is no account. */
  setupToken: string | null;
  /** `AUTH_SECRET`: signs cookies. If null, a generated secret is stored with the accounts. */
  authSecret: string | null;
  /** `REQUIRE_SECOND_FACTOR`: users with a password must have a second factor. */
  requireSecondFactor: boolean;
  /** `PUBLIC_URL`: the address of this product as browsers see it. */
  publicUrl: string | null;
  /** `OIDC_…`: an OpenID provider by which users sign in. */
  oidc: OidcSettings | null;
  /** `ADMIN_API_KEY`: a key with every right, never stored. */
  adminApiKey: string | null;
  /** `PAYLOAD_ENCRYPTION_KEYS`: the first encrypts payloads, all decrypt them. */
  payloadKeys: readonly EncryptionKey[];
}

/** The dependencies of the services. Created once per process by `server/container.ts`; tests create their own. */
export interface Deps extends SharedState {
  hot: HotTier;
  store: Store;
  /** `null` in a process that does not publish. */
  bus: Bus | null;
  settings: SettingsSource;
  topicSchemas: TopicSchemaSource;
  protection: ProtectionSource;
  /** `BREACHED_PASSWORDS_FILE`; null without it. */
  breachedPasswords: BreachedPasswords | null;
  /** `now`: Unix time, ms. */
  clock: { now(): number };
  /** Only with `--virtual-clock`. */
  virtualClock?: VirtualClock;
  /** The topics to which `hot` and `store` restrict their answers (`scoped/scoped-deps.ts`); without it, all. */
  scope?: TopicPrefixes;
  /** With a scope: the dependencies without it. Read it by `unscopedDeps` only. */
  unscoped?: Deps;
  /** Which stores respond. */
  reach: Reach;
  /** Sessions that were verified recently. They authenticate callers while Redis does not respond. */
  verifiedSessions: VerifiedSessions;
  /** Returns a number with `0 <= n < 1`. */
  random: () => number;
  log: Logger;
  env: ServiceEnv;
}

/** One call: its dependencies, its caller, and its id in the log. */
export interface Ctx {
  deps: Deps;
  principal: Principal | null;
  /**
   * A user who must set up a second factor first (`REQUIRE_SECOND_FACTOR`). Such a user is not the `principal`, so that
   * only the calls of the set-up accept them.
   */
  enrolling?: Principal | null;
  requestId: string;
  /** The caller's network address, where it is known. */
  address?: string | null;
  /** While Redis does not respond, lists may be answered from ClickHouse alone, with `isRecordedOnly` set. */
  allowsListsWithoutRedis?: boolean;
  /** The deadline of a web request; it also ends the reads of `deps.store`. */
  deadline?: Deadline;
}
