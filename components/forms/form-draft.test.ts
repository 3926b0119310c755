import { describe, expect, it } from "vitest";
import { type DraftStorage, draftKey, dropDraft, dropDraftsOf, isSameForm, readDraft, writeDraft } from "./form-draft";
import type { ScheduleFormValues } from "./schedule-form-model";
import { newFormValues } from "./schedule-form-values";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const DAY_MS = 86_400_000;
const values = (changed: Partial<ScheduleFormValues> = {}) => ({
  ...newFormValues({ timezone: "UTC", maxRetries: 3, retryDelaySeconds: 60 }),
  ...changed,
});

/** A storage with room for `room` characters. */
function storageOf(room = Number.POSITIVE_INFINITY): DraftStorage & { keys: () => string[] } {
  const held = new Map<string, string>();
  const size = () => [...held].reduce((sum, [key, content]) => sum + key.length + content.length, 0);
  return {
    get length() {
      return held.size;
    },
    key: (index) => [...held.keys()][index] ?? null,
    getItem: (key) => held.get(key) ?? null,
    removeItem: (key) => void held.delete(key),
    setItem: (key, content) => {
      const before = held.get(key);
      held.set(key, content);
      if (size() <= room) return;
      if (before === undefined) held.delete(key);
      else held.set(key, before);
      throw new DOMException("no room", "QuotaExceededError");
    },
    keys: () => [...held.keys()],
  };
}

describe("drafts of a form", () => {
  const key = draftKey("anna@example.com", "new");

  it("are read as they were written, even if the form is not valid", () => {
    const storage = storageOf();
    const draft = { atMs: NOW, values: values({ name: "x".repeat(300), priority: null, body: "{" }) };
    expect(writeDraft(storage, key, draft)).toBe(true);
    expect(readDraft(storage, key)).toEqual(draft);
    dropDraft(storage, key);
    expect(readDraft(storage, key)).toBeNull();
  });

  it("do not keep a partly entered time", () => {
    const storage = storageOf();
    writeDraft(storage, key, { atMs: NOW, values: values({ startAt: "incomplete" }) });
    expect(readDraft(storage, key)?.values.startAt).toBeNull();
    expect(isSameForm(values({ startAt: "incomplete" }), values())).toBe(true);
    expect(isSameForm(values({ name: "a" }), values())).toBe(false);
  });

  it.each([
    "",
    "{",
    "[]",
    JSON.stringify({ atMs: NOW, values: { ...values(), headers: "none" } }),
    JSON.stringify({ atMs: NOW, values: { name: "an older form" } }),
  ])("are ignored if the stored text is not a valid draft: %s", (content) => {
    const storage = storageOf();
    storage.setItem(key, content);
    expect(readDraft(storage, key)).toBeNull();
  });

  it("are limited to 20, and removed after 30 days", () => {
    const storage = storageOf();
    for (let age = 45; age >= 0; age -= 1) {
      writeDraft(storage, draftKey("anna@example.com", `edit:${age}`), { atMs: NOW - age * DAY_MS, values: values() });
    }
    expect(storage.keys()).toHaveLength(20);
    writeDraft(storage, key, { atMs: NOW + 25 * DAY_MS, values: values() });
    // The drafts of the ages 0 to 5 are now at most 30 days old.
    expect(storage.keys().sort()).toEqual(
      [key, ...[0, 1, 2, 3, 4, 5].map((age) => draftKey("anna@example.com", `edit:${age}`))].sort(),
    );
  });

  it("are removed, oldest first, if a new draft needs the room; other keys are kept", () => {
    const storage = storageOf(4000);
    storage.setItem("theme", "dark");
    for (const age of [3, 2, 1]) {
      expect(writeDraft(storage, draftKey("a", String(age)), { atMs: NOW - age, values: values() })).toBe(true);
    }
    const large = { atMs: NOW, values: values({ body: "x".repeat(2600) }) };
    expect(writeDraft(storage, key, large)).toBe(true);
    expect(storage.keys()).not.toContain(draftKey("a", "3"));
    expect(storage.keys()).toEqual(expect.arrayContaining(["theme", key]));
    expect(writeDraft(storage, key, { atMs: NOW, values: values({ body: "x".repeat(4000) }) })).toBe(false);
    expect(readDraft(storage, key)).toEqual(large);
  });

  it("are removed when their user signs out; drafts of other users are kept", () => {
    const storage = storageOf();
    const other = draftKey("bert@example.com", "new");
    for (const one of [key, other]) writeDraft(storage, one, { atMs: NOW, values: values() });
    dropDraftsOf(storage, "anna@example.com");
    expect(storage.keys()).toEqual([other]);
  });
});
