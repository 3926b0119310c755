import { describe, expect, it } from "vitest";
import {
  DEFAULT_SETTINGS,
  parseSettingValue,
  SETTING_NAMES,
  SETTINGS,
  Settings,
  SettingsPatch,
  settingName,
} from "./settings";

describe("the table of settings", () => {
  it("has the keys and defaults of the contract", () => {
    expect(Object.fromEntries(SETTING_NAMES.map((name) => [SETTINGS[name].key, SETTINGS[name].default]))).toEqual({
      CHECK_INTERVAL_SECONDS: 60,
      SELF_TEST_INTERVAL_SECONDS: 5,
      MAX_RETRIES: 3,
      RETRY_DELAY_SECONDS: 60,
      EXECUTION_HISTORY_TTL_DAYS: 90,
      MAX_CONCURRENT_EXECUTIONS: 10,
      TIMEZONE: "UTC",
      IMMEDIATE_HORIZON_SECONDS: 86_400,
      TRANSFER_HORIZON_SECONDS: 3600,
      CLICKHOUSE_SYNC_INTERVAL: 300,
      REDIS_PROCESSING_INTERVAL: 5,
      ANALYTICS_ENABLED: true,
      ANALYTICS_RETENTION_DAYS: 365,
      AUDIT_RETENTION_DAYS: 0,
      MAX_DELIVERY_DELAY_SECONDS: 315_360_000,
      REFUSE_CODE_EDITS: true,
      DELAYED_TOPIC_PREFIXES: "",
      ASSISTANT_SCHEDULES_NEED_END: false,
    });
  });

  it("names each setting by its key in camelCase, and finds it by its key in any letter case", () => {
    for (const name of SETTING_NAMES) {
      const { key } = SETTINGS[name];
      expect(name.replace(/[A-Z]/g, "_$&").toUpperCase()).toBe(key);
      expect(settingName(key.toLowerCase())).toBe(name);
      expect(settingName(`schedules_${key}`)).toBe(name);
    }
    expect(settingName("schedules_constructor")).toBeNull();
  });

  it("accepts its own defaults, and both ends of every range", () => {
    expect(Settings.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    for (const name of SETTING_NAMES) {
      const definition = SETTINGS[name];
      if (definition.type !== "integer") continue;
      const ends = [definition.min, definition.max ?? Number.MAX_SAFE_INTEGER];
      for (const end of ends) expect(parseSettingValue(definition.key, String(end))).toEqual({ ok: true, value: end });
      expect(parseSettingValue(definition.key, String(definition.min - 1)).ok).toBe(false);
      if (definition.max !== null) expect(parseSettingValue(definition.key, String(definition.max + 1)).ok).toBe(false);
    }
  });

  it.each([
    [{ transferHorizonSeconds: 600 }, true],
    [{ transferHorizonSeconds: 599 }, false],
    [{ transferHorizonSeconds: 86_400 }, true],
    [{ transferHorizonSeconds: 86_401 }, false],
    [{ immediateHorizonSeconds: 3599 }, false],
    [{ clickhouseSyncInterval: 1800 }, true],
    [{ clickhouseSyncInterval: 1801 }, false],
  ])(
    "requires a transfer horizon from twice the promotion interval to the horizon: %j is valid: %s",
    (patch, allowed) => {
      const parsed = Settings.safeParse({ ...DEFAULT_SETTINGS, ...patch });
      expect(parsed.success).toBe(allowed);
      if (!allowed) expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([["transferHorizonSeconds"]]);
    },
  );

  it("accepts a patch of some settings, but no unknown setting", () => {
    expect(SettingsPatch.parse({ maxRetries: 5 })).toEqual({ maxRetries: 5 });
    expect(SettingsPatch.safeParse({ maxRetrys: 5 }).success).toBe(false);
    expect(SettingsPatch.safeParse({ maxRetries: "5" }).success).toBe(false);
  });
});
