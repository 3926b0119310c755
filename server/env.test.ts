import { describe, expect, it } from "vitest";
import { loadZones, zonesInUse } from "./domain/recurrence";
import { EnvError, parseEnv, requireKnownZone } from "./env";

const REQUIRED = { REDIS_URL: "redis://127.0.0.1:6379", CLICKHOUSE_URL: "http://127.0.0.1:8123" };

function faultsOf(source: Record<string, string>): readonly string[] {
  try {
    parseEnv({ ...REQUIRED, ...source });
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  it("applies the defaults of the contract", () => {
    const env = parseEnv(REQUIRED);
    expect(env).toMatchObject({
      REDIS_PREFIX: "stufio:",
      REDIS_SHARDS: 1,
      CLICKHOUSE_DATABASE: "stufio",
      KAFKA_TOPIC_PREFIX: "stufio.events",
      KAFKA_GROUP_ID: "stufio-events",
      DATA_DIR: ".data",
      PORT: 3000,
      HOST: "127.0.0.1",
      settings: {},
    });
    expect(env.KAFKA_BROKERS).toBeUndefined();
  });

  it("treats an empty value as absent", () => {
    expect(parseEnv({ ...REQUIRED, PORT: "", KAFKA_BROKERS: " ", schedules_MAX_RETRIES: "" })).toMatchObject({
      PORT: 3000,
      settings: {},
    });
  });

  it("splits the brokers at commas", () => {
    expect(parseEnv({ ...REQUIRED, KAFKA_BROKERS: "a:9092, b:9093,[::1]:9094" }).KAFKA_BROKERS).toEqual([
      "a:9092",
      "b:9093",
      "[::1]:9094",
    ]);
  });

  it.each([
    ["schedules_MAX_RETRIES", "7", { maxRetries: 7 }],
    ["SCHEDULES_MAX_RETRIES", "0", { maxRetries: 0 }],
    ["Schedules_max_retries", "10", { maxRetries: 10 }],
    ["schedules_TIMEZONE", "Asia/Kathmandu", { timezone: "Asia/Kathmandu" }],
    ["schedules_ANALYTICS_ENABLED", "false", { analyticsEnabled: false }],
    ["schedules_MAX_DELIVERY_DELAY_SECONDS", "9000000000", { maxDeliveryDelaySeconds: 9_000_000_000 }],
  ])("reads the setting %s=%s", (name, text, settings) => {
    expect(parseEnv({ ...REQUIRED, [name]: text }).settings).toEqual(settings);
  });

  it.each([
    ["PORT", "80a", /^PORT must be a whole number, 0 to 65535, got "80a"$/],
    ["PORT", "65536", /^PORT must be a whole number, 0 to 65535/],
    ["REDIS_SHARDS", "0", /^REDIS_SHARDS must be a whole number, 1 to 1024/],
    ["REDIS_URL", "http://x", /^REDIS_URL must be a URL such as redis:/],
    ["REDIS_PREFIX", "a{b}", /^REDIS_PREFIX must not contain spaces or braces/],
    ["KAFKA_BROKERS", "localhost", /^KAFKA_BROKERS must be a list of host:port/],
    ["CLICKHOUSE_DATABASE", "a-b", /^CLICKHOUSE_DATABASE/],
    ["TRUSTED_PROXIES", "127.0.0.1, proxy", /^TRUSTED_PROXIES must be addresses or CIDR ranges .* "proxy" is not one/],
    ["ADMIN_API_KEY", "12345678", /^ADMIN_API_KEY must have 32 to 512 ASCII characters without spaces; [^"]*$/],
    ["ADMIN_API_KEY", `${"k".repeat(31)} `, /^ADMIN_API_KEY must have 32/],
    ["LOG_LEVEL", "loud", /^LOG_LEVEL must be trace, debug/],
    ["ADMIN_EMAIL", "someone@example.org", /^ADMIN_PASSWORD is required with ADMIN_EMAIL$/],
    ["schedules_CHECK_INTERVAL_SECONDS", "4", /^schedules_CHECK_INTERVAL_SECONDS must be .* 5 to 3600, got "4"$/],
    ["schedules_MAX_RETRIES", "1.5", /^schedules_MAX_RETRIES must be .* 0 to 10/],
    ["schedules_MAX_RETRIES", "0x5", /^schedules_MAX_RETRIES must be .* 0 to 10/],
    ["schedules_TIMEZONE", "Mars/Olympus", /^schedules_TIMEZONE must be an IANA time zone/],
    ["schedules_TIMEZONE", "+02:00", /^schedules_TIMEZONE must be an IANA time zone/],
    ["schedules_ANALYTICS_ENABLED", "maybe", /^schedules_ANALYTICS_ENABLED must be true or false/],
    ["SCHEDULES_TRANSFER_HORIZON_SECONDS", "599", /^SCHEDULES_TRANSFER_HORIZON_SECONDS must be at least 600 seconds/],
    ["schedules_TRANSFER_HORIZON_SECONDS", "86401", /^schedules_TRANSFER_HORIZON_SECONDS must be at most 86400/],
    ["schedules_CLICKHOUSE_SYNC_INTERVAL", "3600", /^schedules_TRANSFER_HORIZON_SECONDS must be at least 7200/],
  ])("refuses %s=%s and says what it must be", (name, text, message) => {
    const faults = faultsOf({ [name]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  it("validates zones against the product's tz database, not the runtime's", () => {
    const before = zonesInUse();
    const read = (name: string) => before.read(name === "Europe/New_Place" ? "Europe/Berlin" : name);
    loadZones({ ...before, read });
    expect(faultsOf({ schedules_TIMEZONE: "Europe/New_Place" })).toEqual([]);
    loadZones(before);
    expect(faultsOf({ schedules_TIMEZONE: "Europe/New_Place" })).toHaveLength(1);
  });

  it("checks the zone again after the tz database is loaded", () => {
    const before = zonesInUse();
    const holder = globalThis as { stufioZones?: unknown };
    holder.stufioZones = undefined;
    const env = parseEnv({ ...REQUIRED, schedules_TIMEZONE: "Mars/Olympus" });
    loadZones(before);
    expect(() => requireKnownZone(env)).toThrow(
      'schedules_TIMEZONE must be an IANA time zone such as Europe/Berlin, got "Mars/Olympus"',
    );
    expect(() => requireKnownZone(parseEnv({ ...REQUIRED, schedules_TIMEZONE: "Asia/Kathmandu" }))).not.toThrow();
  });

  it("lists all faults at once", () => {
    const faults = faultsOf({ REDIS_URL: "", PORT: "x", ADMIN_EMAIL: "a@b.example", schedules_MAX_RETRIES: "11" });
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "REDIS_URL",
      "PORT",
      "ADMIN_PASSWORD",
      "schedules_MAX_RETRIES",
    ]);
    expect(faults[0]).toMatch(/is required/);
  });

  it("never repeats a secret in a fault", () => {
    const faults = faultsOf({ SETUP_TOKEN: "short-one", REDIS_URL: "http://user:secret@host" }).join();
    expect(faults).toContain("SETUP_TOKEN");
    expect(faults).not.toMatch(/short-one|secret@/);
  });

  it("requires the variables of single sign-on together, and names what is missing", () => {
    expect(faultsOf({ OIDC_ISSUER: "https://idp.example.org" })).toEqual([
      "OIDC_CLIENT_ID is required with OIDC_ISSUER",
      "PUBLIC_URL is required with OIDC_ISSUER",
      "OIDC_ROLE_MAP or OIDC_DEFAULT_ROLE is required with OIDC_ISSUER; otherwise nobody may sign in by it",
    ]);
    expect(faultsOf({ OIDC_CLIENT_ID: "c" })).toEqual(["OIDC_ISSUER is required with OIDC_CLIENT_ID"]);
    expect(faultsOf({ OIDC_ROLE_MAP: "admins=Big Boss" }).join()).toContain('"admins=Big Boss" is none');
    const PUBLIC_URL = "https://schedules.example.org";
    const complete = { OIDC_ISSUER: "https://idp.example.org", OIDC_CLIENT_ID: "c", OIDC_ROLE_MAP: "a=admin" };
    expect(parseEnv({ ...REQUIRED, ...complete, PUBLIC_URL }).OIDC_ROLE_MAP).toEqual(new Map([["a", "admin"]]));
  });

  it("refuses a setting that is given twice with different values", () => {
    expect(faultsOf({ schedules_MAX_RETRIES: "1", SCHEDULES_MAX_RETRIES: "2" })[0]).toMatch(/contradicts/);
  });

  it("reports a SCHEDULES_ variable that is not a setting, and continues", () => {
    expect(parseEnv({ ...REQUIRED, schedules_MAX_RETRYS: "3" }).unknownSettings).toEqual(["schedules_MAX_RETRYS"]);
  });
});
