import { z } from "zod";
import { parseRedisUrl } from "./adapters/redis/connection/target";
import { type AddressRange, parseRanges } from "./addresses";
import { parseRoleMap } from "./domain/oidc";
import { type EncryptionKey, parseEncryptionKeys } from "./domain/protection/sealed";
import { DirectoryName } from "./domain/scope";
import { DEFAULT_SETTINGS, parseSettingValue, SETTINGS, Settings, settingName } from "./domain/settings";

/*
 * The environment, parsed once (contract §5). An empty value counts as absent, because docker compose passes `${X:-}`.
 * This module reads nothing before the first `env()`, so that a build needs no environment.
 */
const PREFIX_PATTERN = /^[^{}\s]*$/;
const IDENTIFIER_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TOPIC_PART_PATTERN = /^[a-zA-Z0-9._-]{1,200}$/;
const TOPIC_PART_FAULT = "must be 1 to 200 characters of letters, digits, '.', '_' and '-'";

function url(protocols: readonly string[], example: string) {
  const error = `must be a URL such as ${example}`;
  return z
    .string({ error: (issue) => (issue.input === undefined ? `is required: ${error}` : error) })
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { error });
}

const RedisUrl = z
  .string({ error: "is required: must be a URL such as redis://127.0.0.1:6379" })
  .superRefine((text, ctx) => {
    try {
      parseRedisUrl(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: (error as Error).message });
    }
  });

function integer(range: { min: number; max: number; default: number }) {
  const error = `must be a whole number, ${range.min} to ${range.max}`;
  return z
    .string()
    .regex(/^\d+$/, { error })
    .default(String(range.default))
    .transform(Number)
    .pipe(z.int().min(range.min, { error }).max(range.max, { error }));
}

const optionalPort = z
  .string()
  .regex(/^\d+$/, "must be a port, 1 to 65535")
  .transform(Number)
  .pipe(z.int().min(1, "must be a port, 1 to 65535").max(65_535, "must be a port, 1 to 65535"))
  .optional();

function flag(defaultValue: boolean) {
  return z
    .enum(["true", "false"], { error: "must be true or false" })
    .default(defaultValue ? "true" : "false")
    .transform((text) => text === "true");
}

const Brokers = z.string().transform((text, ctx) => {
  const brokers = text
    .split(",")
    .map((broker) => broker.trim())
    .filter(Boolean);
  const bad = brokers.filter((broker) => !/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker));
  if (bad.length > 0) ctx.addIssue({ code: "custom", message: "must be a list of host:port, separated by commas" });
  return brokers;
});

const Ranges = z.string().transform((text, ctx): AddressRange[] => {
  try {
    return parseRanges(text);
  } catch (error) {
    ctx.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const RoleMap = z.string().transform((text, ctx): ReadonlyMap<string, string> => {
  try {
    return parseRoleMap(text);
  } catch (error) {
    ctx.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const EncryptionKeys = z.string().transform((text, ctx): EncryptionKey[] => {
  try {
    return parseEncryptionKeys(text);
  } catch (error) {
    ctx.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const SHAPE = {
  /** One server, a master behind sentinels, or a cluster (`parseRedisUrl`). */
  REDIS_URL: RedisUrl,
  /** User and password; they override those of the URL and may contain any characters. */
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  /** Credentials of the sentinels themselves. */
  REDIS_SENTINEL_USERNAME: z.string().optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  /** PEM files for `rediss`. Without them, Node's own authorities are trusted and no client certificate is sent. */
  REDIS_CA_FILE: z.string().optional(),
  REDIS_CERT_FILE: z.string().optional(),
  REDIS_KEY_FILE: z.string().optional(),
  REDIS_PREFIX: z.string().regex(PREFIX_PATTERN, "must not contain spaces or braces").default("stufio:"),
  /** Number of hash tags among which the keys are divided. Must not change while there is data. */
  REDIS_SHARDS: integer({ min: 1, max: 1024, default: 1 }),
  CLICKHOUSE_URL: url(["http:", "https:"], "http://127.0.0.1:8123"),
  /** User and password; they override those of the URL and may contain any characters. */
  CLICKHOUSE_USER: z.string().optional(),
  CLICKHOUSE_PASSWORD: z.string().optional(),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(IDENTIFIER_PATTERN, "must consist of letters, digits and '_', and not begin with a digit")
    .default("stufio"),
  /** PEM file for https. Without it, Node's own authorities are trusted. */
  CLICKHOUSE_CA_FILE: z.string().optional(),
  /** If set, tables are created `ON CLUSTER` with Replicated engines. */
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z0-9_.{}-]+$/, "must be the name of a cluster")
    .optional(),
  /** If absent, the bus is Redis Streams. */
  KAFKA_BROKERS: Brokers.optional(),
  /** TLS to the brokers, with PEM files. Without a CA, Node's own authorities are trusted. */
  KAFKA_SSL: flag(false),
  KAFKA_SSL_CA_FILE: z.string().optional(),
  KAFKA_SSL_CERT_FILE: z.string().optional(),
  KAFKA_SSL_KEY_FILE: z.string().optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"], {
      error: "must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER",
    })
    .optional(),
  /** User and password; for OAUTHBEARER with KAFKA_SASL_TOKEN_URL, the client's id and secret. */
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** OAUTHBEARER: a command that prints a token, or an OAuth 2.0 token endpoint. */
  KAFKA_SASL_TOKEN_COMMAND: z.string().optional(),
  KAFKA_SASL_TOKEN_URL: url(["http:", "https:"], "https://idp.example.org/oauth2/token").optional(),
  KAFKA_SASL_SCOPE: z.string().optional(),
  /** Compression of published events. Consumed messages may use any compression. */
  KAFKA_COMPRESSION: z
    .enum(["none", "gzip", "snappy", "lz4", "zstd"], { error: "must be none, gzip, snappy, lz4 or zstd" })
    .default("none"),
  /** Redis Streams only: claims publish one-time events in place. Requires that scripts may access undeclared keys. */
  PUBLISH_IN_PLACE: flag(true),
  KAFKA_TOPIC_PREFIX: z.string().regex(TOPIC_PART_PATTERN, TOPIC_PART_FAULT).default("stufio.events"),
  KAFKA_GROUP_ID: z.string().regex(TOPIC_PART_PATTERN, TOPIC_PART_FAULT).default("stufio-events"),
  DATA_DIR: z.string().default(".data"),
  /** Loopback port of the Redis that `npm start` runs. If absent: the previous port, at first 6390. */
  EMBEDDED_REDIS_PORT: optionalPort,
  /** Set by `npm start -- --ephemeral --virtual-clock` only, for tests (docs/adr/0026-a-virtual-clock.md). */
  VIRTUAL_CLOCK: flag(false),
  /** Folder of compiled time zones. If absent: the newer of the system's and the bundled ones. */
  TZDATA_DIR: z.string().optional(),
  PORT: integer({ min: 0, max: 65_535, default: 3000 }),
  HOST: z.string().default("127.0.0.1"),
  /** Proxies whose `X-Forwarded-For`, `-Host` and `-Proto` are trusted. If absent: none. */
  TRUSTED_PROXIES: Ranges.optional(),
  /** Whether `Strict-Transport-Security` applies to the subdomains of this host too. */
  HSTS_SUBDOMAINS: flag(true),
  /** REST, tRPC and MCP requests in 10 s to one web process, per API key and per address; 0 for no limit. */
  RATE_LIMIT_PER_KEY: integer({ min: 0, max: 10_000_000, default: 10_000 }),
  RATE_LIMIT_PER_ADDRESS: integer({ min: 0, max: 10_000_000, default: 20_000 }),
  /** Port of the worker's liveness endpoint; 0 for any free port. */
  WORKER_PORT: integer({ min: 0, max: 65_535, default: 0 }),
  ADMIN_EMAIL: z.email("must be an e-mail address").optional(),
  ADMIN_PASSWORD: z.string().min(8, "must have at least 8 characters").optional(),
  ADMIN_API_KEY: z
    .string()
    .regex(
      /^[!-~]{32,512}$/,
      "must have 32 to 512 ASCII characters without spaces; generate one with openssl rand -hex 32",
    )
    .optional(),
  /** Opens `/setup` while there is no account. If absent, `npm start` generates a new one each time. */
  SETUP_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  /** The admin for whom the web process logs a link when it starts, for use when no admin can sign in. */
  RECOVER_ADMIN: z.email("must be an e-mail address").optional(),
  /** `id:key,…` with 32 bytes in base64 each: the first encrypts payloads, all decrypt them. */
  PAYLOAD_ENCRYPTION_KEYS: EncryptionKeys.optional(),
  /** Signs cookies. If absent, a generated secret is stored with the accounts. */
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  /** A sorted file of SHA-1 hashes, as "Have I Been Pwned" offers: new passwords must not be in it. */
  BREACHED_PASSWORDS_FILE: z.string().optional(),
  /** Whether users with a password must set up a second factor before they can do anything else. */
  REQUIRE_SECOND_FACTOR: flag(false),
  /** The address of this product as browsers see it. */
  PUBLIC_URL: url(["http:", "https:"], "https://schedules.example.org").optional(),
  /** Sign-in by an OpenID provider. */
  OIDC_ISSUER: url(["http:", "https:"], "https://idp.example.org").optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPES: z.string().default("openid email profile"),
  OIDC_GROUPS_CLAIM: z.string().default("groups"),
  OIDC_ROLE_MAP: RoleMap.optional(),
  OIDC_DEFAULT_ROLE: DirectoryName.optional(),
  OIDC_NAME: z.string().max(40, "must have at most 40 characters").default("single sign-on"),
  /** Receives the audit trail, signed with the secret. */
  AUDIT_WEBHOOK_URL: url(["http:", "https:"], "https://siem.example.org/audit").optional(),
  AUDIT_WEBHOOK_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  /** Receives the audit trail as syslog messages over TCP or TLS. */
  AUDIT_SYSLOG_URL: url(["tcp:", "tls:"], "tls://syslog.example.org:6514").optional(),
  /** PEM file for `tls`. Without it, Node's own authorities are trusted. */
  AUDIT_SYSLOG_CA_FILE: z.string().optional(),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "must be trace, debug, info, warn, error, fatal or silent",
    })
    .default("info"),
};

const Infrastructure = z.object(SHAPE);

/** @internal Names of the infrastructure variables, for tests of docs and packaging. Settings are `schedules_<KEY>`. */
export const ENV_NAMES: readonly string[] = Object.keys(SHAPE);
/** Variables whose value must never be printed. A URL may contain a password. */
const SECRET_PATTERN = /PASSWORD|SECRET|TOKEN|API_KEY|ENCRYPTION_KEYS|_URL$/;

type Source = Readonly<Record<string, string | undefined>>;

/** The secret values of an environment, which the log must not contain; of a URL, its password. */
export function secretsOf(source: Source): string[] {
  return ENV_NAMES.filter((name) => SECRET_PATTERN.test(name)).flatMap((name) => {
    const value = source[name];
    if (value === undefined) return [];
    // Each key by itself: nothing prints the whole list.
    if (name === "PAYLOAD_ENCRYPTION_KEYS") return value.split(",").map((part) => part.trim().replace(/^[^:]*:/, ""));
    return name.endsWith("_URL") ? (/:\/\/[^/@]*?:([^/]*)@/.exec(value)?.slice(1) ?? []) : [value];
  });
}

export interface Env extends z.infer<typeof Infrastructure> {
  /** Settings in the environment. They override the settings page. */
  settings: Partial<Settings>;
  /** `schedules_…` variables that are not settings, probably misspelled. */
  unknownSettings: string[];
}

/** Faults of the environment, one line each: the name and what it must be. */
export class EnvError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The environment is not valid:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.name = "EnvError";
  }
}

/** Parses an environment. Throws `EnvError` with all faults. */
export function parseEnv(source: Source): Env {
  const nonEmpty: Source = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const faults: string[] = [];
  const infrastructure = Infrastructure.safeParse(nonEmpty);
  for (const issue of infrastructure.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const value = nonEmpty[name];
    const shown = value === undefined || SECRET_PATTERN.test(name) ? "" : `, got "${value}"`;
    faults.push(`${name} ${issue.message}${shown}`);
  }
  if (nonEmpty.ADMIN_EMAIL && !nonEmpty.ADMIN_PASSWORD) faults.push("ADMIN_PASSWORD is required with ADMIN_EMAIL");
  if (nonEmpty.ADMIN_PASSWORD && !nonEmpty.ADMIN_EMAIL) faults.push("ADMIN_EMAIL is required with ADMIN_PASSWORD");
  faults.push(...oidcFaults(nonEmpty), ...virtualClockFaults(nonEmpty));
  const { settings, unknownSettings } = parseSettings(nonEmpty, faults);
  if (!infrastructure.success || faults.length > 0) throw new EnvError(faults);
  return { ...infrastructure.data, settings, unknownSettings };
}

/** Returns faults if the virtual clock would apply to other stores than those of `npm start`. */
function virtualClockFaults(variables: Source): string[] {
  if (variables.VIRTUAL_CLOCK !== "true") return [];
  const isLocal = (url = "") =>
    URL.canParse(url) && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
  return ["REDIS_URL", "CLICKHOUSE_URL"]
    .filter((name) => !isLocal(variables[name]))
    .map((name) => `${name} must be a server of \`npm start -- --ephemeral\` on this machine with VIRTUAL_CLOCK`)
    .concat(variables.KAFKA_BROKERS === undefined ? [] : ["KAFKA_BROKERS must be absent with VIRTUAL_CLOCK"]);
}

/** Returns faults if only some of the variables for sign-in by an OpenID provider are given. */
function oidcFaults(variables: Source): string[] {
  const set = Object.keys(variables).filter((name) => name.startsWith("OIDC_") && name in SHAPE);
  if (variables.OIDC_ISSUER === undefined) return set.map((name) => `OIDC_ISSUER is required with ${name}`);
  const missing = ["OIDC_CLIENT_ID", "PUBLIC_URL"].filter((name) => variables[name] === undefined);
  const faults = missing.map((name) => `${name} is required with OIDC_ISSUER`);
  if (variables.OIDC_ROLE_MAP === undefined && variables.OIDC_DEFAULT_ROLE === undefined) {
    faults.push("OIDC_ROLE_MAP or OIDC_DEFAULT_ROLE is required with OIDC_ISSUER; otherwise nobody may sign in by it");
  }
  return faults;
}

function parseSettings(
  variables: Source,
  faults: string[],
): { settings: Partial<Settings>; unknownSettings: string[] } {
  const settings: Record<string, unknown> = {};
  const spelling = new Map<string, string>();
  const unknownSettings: string[] = [];
  const before = faults.length;
  for (const [variable, text] of Object.entries(variables)) {
    if (!/^schedules_/i.test(variable) || text === undefined) continue;
    const name = settingName(variable);
    if (!name) {
      unknownSettings.push(variable);
      continue;
    }
    const parsed = parseSettingValue(variable, text);
    const earlier = spelling.get(name);
    if (!parsed.ok) faults.push(`${variable} ${parsed.message}`);
    else if (earlier && settings[name] !== parsed.value) faults.push(`${variable} contradicts ${earlier}`);
    else settings[name] = parsed.value;
    spelling.set(name, variable);
  }
  if (faults.length === before) {
    const together = Settings.safeParse({ ...DEFAULT_SETTINGS, ...settings });
    for (const issue of together.error?.issues ?? []) {
      const name = settingName(SETTINGS[issue.path[0] as keyof Settings].key) as keyof Settings;
      faults.push(`${spelling.get(name) ?? `schedules_${SETTINGS[name].key}`} ${issue.message}`);
    }
  }
  return { settings: settings as Partial<Settings>, unknownSettings };
}

/**
 * Checks the time zone setting after the tz database, which the environment chooses, is loaded. Throws `EnvError` for
 * an unknown zone.
 */
export function requireKnownZone({ settings }: Pick<Env, "settings">): void {
  if (settings.timezone === undefined) return;
  const parsed = parseSettingValue("TIMEZONE", settings.timezone);
  if (!parsed.ok) throw new EnvError([`schedules_TIMEZONE ${parsed.message}`]);
}

let cached: Env | undefined;

/** Returns the environment of this process, parsed by the first call. Throws `EnvError`. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}
