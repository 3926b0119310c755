import { z } from "zod";
import { hasZones, isKnownZone } from "./recurrence/zone";
import { TOPIC_PATTERN } from "./schedule";

/*
 * The settings of Settings > General (contract §5), for the environment, the page and REST. A value comes from the
 * environment, else from the page, else from `default`.
 */

interface IntegerSetting {
  key: string;
  type: "integer";
  default: number;
  min: number;
  /** Null for no upper bound. */
  max: number | null;
  unit: string;
  description: string;
}

interface BooleanSetting {
  key: string;
  type: "boolean";
  default: boolean;
  description: string;
}

interface ZoneSetting {
  key: string;
  type: "zone";
  default: string;
  description: string;
}

/** Beginnings of topic names, separated by commas; empty for all topics. */
interface PrefixesSetting {
  key: string;
  type: "prefixes";
  default: string;
  description: string;
}

export type SettingDefinition = IntegerSetting | BooleanSetting | ZoneSetting | PrefixesSetting;

const TABLE = {
  checkIntervalSeconds: {
    key: "CHECK_INTERVAL_SECONDS",
    type: "integer",
    default: 60,
    min: 5,
    max: 3600,
    unit: "seconds",
    description:
      "How often the watchdog compares the due occurrences with the ledger. With a longer interval, a lost occurrence is noticed and put back later.",
  },
  maxRetries: {
    key: "MAX_RETRIES",
    type: "integer",
    default: 3,
    min: 0,
    max: 10,
    unit: "retries",
    description:
      "Retries after the first failed attempt, for schedules without a value of their own. With 0, a single failed attempt creates a dead letter.",
  },
  retryDelaySeconds: {
    key: "RETRY_DELAY_SECONDS",
    type: "integer",
    default: 60,
    min: 1,
    max: 3600,
    unit: "seconds",
    description:
      "The base of the exponential backoff, for schedules without a value of their own. A longer delay means fewer attempts while the bus is down, and later delivery once it is back.",
  },
  selfTestIntervalSeconds: {
    key: "SELF_TEST_INTERVAL_SECONDS",
    type: "integer",
    default: 5,
    min: 0,
    max: 60,
    unit: "seconds",
    description:
      "How often a test event runs through all steps, so that health can report what works. 0 turns the test off. Above 5, faults are reported after more than 10 s.",
  },
  executionHistoryTtlDays: {
    key: "EXECUTION_HISTORY_TTL_DAYS",
    type: "integer",
    default: 90,
    min: 1,
    max: 365,
    unit: "days",
    description:
      "How long ClickHouse keeps the ledger of executions. With a shorter time, older executions are deleted and cannot be replayed.",
  },
  maxConcurrentExecutions: {
    key: "MAX_CONCURRENT_EXECUTIONS",
    type: "integer",
    default: 10,
    min: 1,
    max: 100,
    unit: "batches",
    description:
      "Maximum number of concurrent publish batches per shard of a worker. A higher value allows more throughput while the bus is slow, and needs more memory and connections.",
  },
  timezone: {
    key: "TIMEZONE",
    type: "zone",
    default: "UTC",
    description: "The IANA time zone of schedules without a value of their own. Existing schedules keep their zone.",
  },
  immediateHorizonSeconds: {
    key: "IMMEDIATE_HORIZON_SECONDS",
    type: "integer",
    default: 86_400,
    min: 60,
    max: 604_800,
    unit: "seconds",
    description:
      "New schedules that are due within this time are stored in Redis, later schedules in ClickHouse. A longer horizon needs more memory in Redis.",
  },
  transferHorizonSeconds: {
    key: "TRANSFER_HORIZON_SECONDS",
    type: "integer",
    default: 3600,
    min: 10,
    max: 604_800,
    unit: "seconds",
    description:
      "How long before its due time a long-term schedule is moved to Redis: at least twice the promotion interval, at most the horizon of the Redis tier. ClickHouse may be down for this time, less the promotion interval, without a late run.",
  },
  clickhouseSyncInterval: {
    key: "CLICKHOUSE_SYNC_INTERVAL",
    type: "integer",
    default: 300,
    min: 5,
    max: 3600,
    unit: "seconds",
    description:
      "How often long-term schedules that are due soon are moved to Redis. A shorter interval means more queries to ClickHouse.",
  },
  redisProcessingInterval: {
    key: "REDIS_PROCESSING_INTERVAL",
    type: "integer",
    default: 5,
    min: 1,
    max: 60,
    unit: "seconds",
    description:
      "The longest pause of the loop that claims due occurrences. The pause ends earlier at the next due time, and when a schedule that is due sooner arrives. A shorter pause means more calls to Redis while nothing is due.",
  },
  analyticsEnabled: {
    key: "ANALYTICS_ENABLED",
    type: "boolean",
    default: true,
    description:
      "Writes roll-ups for the analytics pages. If off, charts and topics have no figures for that time. The ledger is always written.",
  },
  analyticsRetentionDays: {
    key: "ANALYTICS_RETENTION_DAYS",
    type: "integer",
    default: 365,
    min: 1,
    max: 3650,
    unit: "days",
    description:
      "How long ClickHouse keeps the hourly and daily roll-ups. With a shorter time, charts reach less far back.",
  },
  auditRetentionDays: {
    key: "AUDIT_RETENTION_DAYS",
    type: "integer",
    default: 0,
    min: 0,
    max: 36_500,
    unit: "days",
    description:
      "How long ClickHouse keeps the audit trail; 0 keeps it forever. With a shorter time, older entries are deleted, and older versions of schedules cannot be restored.",
  },
  maxDeliveryDelaySeconds: {
    key: "MAX_DELIVERY_DELAY_SECONDS",
    type: "integer",
    default: 315_360_000,
    min: 60,
    max: null,
    unit: "seconds",
    description: "The longest accepted delay. An event with a longer delay is refused, not shortened to the limit.",
  },
  refuseCodeEdits: {
    key: "REFUSE_CODE_EDITS",
    type: "boolean",
    default: true,
    description:
      "Refuses edits and deletions of schedules that belong to a document (schedules as code), except by its apply. If off, an edit is saved, and the schedule is marked as edited until the next apply. Pause, resume and Run now always work.",
  },
  delayedTopicPrefixes: {
    key: "DELAYED_TOPIC_PREFIXES",
    type: "prefixes",
    default: "",
    description:
      "Prefixes of the topics to which messages of the delayed topic may schedule, separated by commas, for example “billing.” or “invoices”. Leave empty to allow all topics. A message for another topic is refused.",
  },
  assistantSchedulesNeedEnd: {
    key: "ASSISTANT_SCHEDULES_NEED_END",
    type: "boolean",
    default: false,
    description:
      "Recurring schedules that an assistant creates must have a last time or a number of runs. If off, an assistant can create schedules that run forever.",
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof TABLE;
export type SettingKey = (typeof TABLE)[SettingName]["key"];
export type SettingValue = string | number | boolean;

type ValueOf<D extends SettingDefinition> = D extends IntegerSetting
  ? number
  : D extends BooleanSetting
    ? boolean
    : string;

/** The value of every setting, by camelCase name. */
export type Settings = { [N in SettingName]: ValueOf<(typeof TABLE)[N]> };

/** The table by camelCase name. */
export const SETTINGS: { readonly [N in SettingName]: SettingDefinition & { key: SettingKey } } = TABLE;
export const SETTING_NAMES = Object.keys(TABLE) as SettingName[];
const NAME_OF = new Map<string, SettingName>(SETTING_NAMES.map((name) => [TABLE[name].key, name]));

export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, TABLE[name].default]),
) as Settings;

/** The camelCase name of a key such as `max_retries` (any case, with or without `schedules_`); null if unknown. */
export function settingName(key: string): SettingName | null {
  return NAME_OF.get(key.toUpperCase().replace(/^SCHEDULES_/, "")) ?? null;
}

/** Describes the valid values, for messages and the page. */
export function settingRange(definition: SettingDefinition): string {
  switch (definition.type) {
    case "boolean":
      return "true or false";
    case "prefixes":
      return "beginnings of topic names, separated by commas, such as “billing.,invoices”";
    case "zone":
      return "an IANA time zone such as Europe/Berlin";
    case "integer": {
      const { min, max, unit } = definition;
      return max === null
        ? `a whole number of ${unit}, at least ${min}`
        : `a whole number of ${unit}, ${min} to ${max}`;
    }
  }
}

/** Before a tz database is loaded, checks only the first character. The process checks the zone after loading. */
function isTimeZone(text: string): boolean {
  return /^[A-Za-z]/.test(text) && (!hasZones() || isKnownZone(text));
}

/** The prefixes in a setting's text. */
export const prefixesIn = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const MAX_PREFIXES_LENGTH = 10_000;

const arePrefixes = (text: string) =>
  text.length <= MAX_PREFIXES_LENGTH && prefixesIn(text).every((prefix) => TOPIC_PATTERN.test(prefix));

function schemaOf(definition: SettingDefinition): z.ZodType<SettingValue> {
  const error = `must be ${settingRange(definition)}`;
  switch (definition.type) {
    case "boolean":
      return z.boolean({ error });
    case "prefixes":
      return z.string({ error }).refine(arePrefixes, { error });
    case "zone":
      return z.string({ error }).refine(isTimeZone, { error });
    case "integer": {
      const integer = z.int({ error }).min(definition.min, { error });
      return definition.max === null ? integer : integer.max(definition.max, { error });
    }
  }
}

/** Promotion must run at least twice before a schedule is due, and only within the immediate horizon. */
function transferHorizonFault(settings: Settings): string | null {
  const {
    transferHorizonSeconds: transfer,
    clickhouseSyncInterval: sync,
    immediateHorizonSeconds: immediate,
  } = settings;
  if (transfer < 2 * sync) {
    return `must be at least ${2 * sync} seconds, twice CLICKHOUSE_SYNC_INTERVAL (${sync}), got ${transfer}`;
  }
  if (transfer > immediate) {
    return `must be at most ${immediate} seconds, IMMEDIATE_HORIZON_SECONDS, got ${transfer}`;
  }
  return null;
}

const SHAPE = Object.fromEntries(SETTING_NAMES.map((name) => [name, schemaOf(TABLE[name])]));

/** All settings, with their ranges and the rule of the transfer horizon. A fault's path is the camelCase name. */
export const Settings = z.strictObject(SHAPE).superRefine((value, ctx) => {
  const message = transferHorizonFault(value as Settings);
  if (message) ctx.addIssue({ code: "custom", path: ["transferHorizonSeconds"], message });
}) as unknown as z.ZodType<Settings>;

/**
 * Some settings, checked by their ranges only. Merge the patch into the current settings and parse the result with
 * `Settings`.
 */
export const SettingsPatch = z.strictObject(SHAPE).partial() as unknown as z.ZodType<Partial<Settings>>;

/** Like `SettingsPatch`; null removes the saved value, so that the default is in force again. */
export type SettingsEdit = { [N in SettingName]?: Settings[N] | null };
export const SettingsEdit = z
  .strictObject(Object.fromEntries(SETTING_NAMES.map((name) => [name, schemaOf(TABLE[name]).nullable()])))
  .partial() as unknown as z.ZodType<SettingsEdit>;

export type ParsedSetting = { ok: true; value: SettingValue } | { ok: false; message: string };

const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  on: true,
  false: false,
  "0": false,
  no: false,
  off: false,
};

/** Parses a setting's text from the environment or a form. `key`: any spelling that `settingName` accepts. */
export function parseSettingValue(key: string, text: string): ParsedSetting {
  const name = settingName(key);
  if (!name) return { ok: false, message: "is not a setting" };
  const definition: SettingDefinition = TABLE[name];
  const trimmed = text.trim();
  const raw =
    definition.type === "integer"
      ? /^[+-]?\d+$/.test(trimmed)
        ? Number(trimmed)
        : Number.NaN
      : definition.type === "boolean"
        ? BOOLEAN_WORDS[trimmed.toLowerCase()]
        : trimmed;
  const parsed = schemaOf(definition).safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, message: `must be ${settingRange(definition)}, got "${text}"` };
}
