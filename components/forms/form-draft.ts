import { INCOMPLETE_TIME } from "~/components/ui/wall-clock";
import { CATCH_UP_POLICIES, DST_GAPS, DST_OVERLAPS } from "~/server/domain/choices";
import type { ScheduleFormValues } from "./schedule-form-model";

/** The part of `localStorage` that drafts use. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "schedule-draft:";
// Limits for all drafts of this browser, so that forgotten drafts do not fill its storage.
const MAX_DRAFTS = 20;
const MAX_AGE_MS = 30 * 86_400_000;

type Check = (value: unknown) => boolean;
// A number or a time is null while its field is empty.
const text: Check = (value) => typeof value === "string";
const number: Check = (value) => value === null || typeof value === "number";
const time: Check = (value) => value === null || typeof value === "string";
const oneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && choices.includes(value);
const isHeader: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  "value" in value &&
  text(value.name) &&
  text(value.value);

/** Checks only the types and the choices, because a draft is usually not valid yet. */
const CHECKS: Record<keyof ScheduleFormValues, Check> = {
  name: text,
  description: text,
  tags: (value) => Array.isArray(value) && value.every(text),
  enabled: (value) => typeof value === "boolean",
  kind: oneOf(["recurring", "one_time"]),
  cronExpression: text,
  executionTime: time,
  timezone: text,
  dstGap: oneOf(DST_GAPS),
  dstOverlap: oneOf(DST_OVERLAPS),
  jitterSeconds: number,
  startAt: time,
  endAt: time,
  maxRuns: number,
  topic: text,
  entityType: text,
  entityId: text,
  action: text,
  correlationId: text,
  headers: (value) => Array.isArray(value) && value.every(isHeader),
  body: text,
  priority: number,
  maxRetries: number,
  retryDelaySeconds: number,
  maxDelaySeconds: number,
  catchUpPolicy: oneOf(CATCH_UP_POLICIES),
  catchUpWindowSeconds: number,
  catchUpMaxRuns: number,
};

/** The values of a form at `atMs`, epoch ms. */
export interface FormDraft {
  atMs: number;
  values: ScheduleFormValues;
}

function isDraft(value: unknown): value is FormDraft {
  if (typeof value !== "object" || value === null || !("atMs" in value) || !("values" in value)) return false;
  const { atMs, values } = value;
  if (typeof atMs !== "number" || typeof values !== "object" || values === null) return false;
  const given: Readonly<Record<string, unknown>> = { ...values };
  return Object.entries(CHECKS).every(([field, check]) => check(given[field]));
}

/** The key of a user's draft. `form` identifies the form and, for an edit, the version that it started from. */
export function draftKey(user: string, form: string): string {
  return `${PREFIX}${user}:${form}`;
}

/** Whether two forms have the same values. Partly entered times are ignored, because a draft stores them as empty. */
export function isSameForm(a: ScheduleFormValues, b: ScheduleFormValues): boolean {
  return JSON.stringify(withoutIncompleteTimes(a)) === JSON.stringify(withoutIncompleteTimes(b));
}

/** The draft of a key; null if there is none, or if it is not valid, for example because an older form stored it. */
export function readDraft(storage: DraftStorage, key: string): FormDraft | null {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? "null");
    return isDraft(stored) ? stored : null;
  } catch {
    return null;
  }
}

/**
 * Stores a draft and removes old drafts. Returns false if the browser refuses storage, or has no room after all other
 * drafts are removed.
 */
export function writeDraft(storage: DraftStorage, key: string, draft: FormDraft): boolean {
  const content = JSON.stringify({ atMs: draft.atMs, values: withoutIncompleteTimes(draft.values) });
  try {
    const others = draftsByAge(storage).filter((other) => other.key !== key);
    const surplus = others.filter(({ atMs }, index) => atMs < draft.atMs - MAX_AGE_MS || index >= MAX_DRAFTS - 1);
    for (const other of surplus) storage.removeItem(other.key);
    for (;;) {
      try {
        storage.setItem(key, content);
        return true;
      } catch (error) {
        const oldest = draftsByAge(storage).findLast((other) => other.key !== key);
        if (oldest === undefined) throw error;
        storage.removeItem(oldest.key);
      }
    }
  } catch {
    return false;
  }
}

export function dropDraft(storage: DraftStorage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    // Without storage there is no draft.
  }
}

/** Removes all drafts of a user who signs out, because other users may use the same browser. */
export function dropDraftsOf(storage: DraftStorage, user: string): void {
  try {
    for (const { key } of draftsByAge(storage)) if (key.startsWith(draftKey(user, ""))) storage.removeItem(key);
  } catch {
    // Without storage there is no draft.
  }
}

/** All drafts, newest first. */
function draftsByAge(storage: DraftStorage): { key: string; atMs: number }[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  return (
    keys
      .filter((key): key is string => key?.startsWith(PREFIX) === true)
      // Parses only the beginning, because a draft may hold 1 MiB and this code runs while the user types.
      .map((key) => ({ key, atMs: Number(/^\{"atMs":(\d+)/.exec(storage.getItem(key) ?? "")?.[1] ?? 0) }))
      .sort((a, b) => b.atMs - a.atMs)
  );
}

function withoutIncompleteTimes(values: ScheduleFormValues): ScheduleFormValues {
  const kept = (at: string | null) => (at === INCOMPLETE_TIME ? null : at);
  return {
    ...values,
    executionTime: kept(values.executionTime),
    startAt: kept(values.startAt),
    endAt: kept(values.endAt),
  };
}
