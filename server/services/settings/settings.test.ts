import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { SettingName, Settings } from "~/server/domain/settings";
import { type AccessStack, ADMIN, accessRedis } from "~/server/testing/access-deps";
import { createSettingsSource, listSettings, resetSettings, restoreSettings, saveSettings } from "./index";
import { effectiveSettings, type RunningSettingsSource } from "./source";
import { settingDocument } from "./stored";

let server: Awaited<ReturnType<typeof accessRedis>>;
const running: RunningSettingsSource[] = [];

beforeAll(async () => {
  server = await accessRedis();
});
afterAll(() => server.close());
afterEach(async () => {
  for (const source of running.splice(0)) await source.stop();
});

const save = (stack: AccessStack, values: Partial<Settings>) =>
  saveSettings({ ctx: stack.ctx(ADMIN), input: { values } });
const listed = async (stack: AccessStack, name: SettingName) => {
  const { items } = await listSettings({ ctx: stack.ctx(ADMIN) });
  return items.find((item) => item.name === name);
};

describe("a setting", () => {
  it("is the default, then the saved value, then the default again", async () => {
    const stack = server.stack();
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 3, source: "default", updatedBy: null });
    await save(stack, { maxRetries: 5 });
    expect(stack.deps.settings.current().maxRetries).toBe(5);
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 5, source: "page", updatedBy: ADMIN.email });
    await resetSettings({ ctx: stack.ctx(ADMIN), input: { names: ["maxRetries"] } });
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 3, source: "default" });
  });

  it("is reset by null, in one step with other settings", async () => {
    const stack = server.stack();
    await save(stack, { maxRetries: 7 });
    await saveSettings({ ctx: stack.ctx(ADMIN), input: { values: { maxRetries: null, timezone: "Asia/Tokyo" } } });
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 3, source: "default" });
    expect(await listed(stack, "timezone")).toMatchObject({ value: "Asia/Tokyo", source: "page" });
  });

  it("of the environment is in force, and cannot be changed", async () => {
    const stack = server.stack({ environment: { maxRetries: 7 } });
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 7, source: "environment" });
    await expect(save(stack, { maxRetries: 1 })).rejects.toMatchObject({
      code: "validation_failed",
      faults: [{ field: "max_retries" }],
    });
  });

  it.each([
    ["a viewer", { ...ADMIN, role: "viewer" as const }, "forbidden"],
    ["an anonymous caller", null, "unauthenticated"],
  ])("is not changed by %s", async (_, principal, code) => {
    const stack = server.stack();
    const call = { ctx: stack.ctx(principal), input: { values: { maxRetries: 1 } } };
    await expect(saveSettings(call)).rejects.toMatchObject({ code });
  });

  it("has a document of its own if its value changes, and one audit entry with the other settings of the save", async () => {
    const stack = server.stack();
    await save(stack, { maxRetries: 5, timezone: "Europe/Berlin" });
    await save(stack, { maxRetries: 5 });
    const documents = await stack.documents();
    expect(documents.map((document) => document.kind)).toEqual([
      DOCUMENT_KIND.setting,
      DOCUMENT_KIND.setting,
      DOCUMENT_KIND.auditEntry,
    ]);
    const audit = JSON.parse(documents.at(-1)?.json ?? "{}");
    expect(audit).toMatchObject({
      action: "settings.change",
      before: { maxRetries: null, timezone: null },
      after: { maxRetries: 5, timezone: "Europe/Berlin" },
    });
  });
});

describe("the rule that the transfer horizon is at least twice the sync interval", () => {
  const refused = { code: "validation_failed", faults: [{ field: "transfer_horizon_seconds" }] };

  it("applies to a change together with the other saved values", async () => {
    const stack = server.stack();
    await save(stack, { transferHorizonSeconds: 700 });
    await expect(save(stack, { clickhouseSyncInterval: 400 })).rejects.toMatchObject(refused);
    await expect(save(stack, { clickhouseSyncInterval: 350 })).resolves.toBeDefined();
  });

  it("applies to a change together with the environment", async () => {
    const stack = server.stack({ environment: { clickhouseSyncInterval: 1000 } });
    await expect(save(stack, { transferHorizonSeconds: 1999 })).rejects.toMatchObject(refused);
    await expect(save(stack, { transferHorizonSeconds: 2000 })).resolves.toBeDefined();
  });

  it("applies to the values after a reset", async () => {
    const stack = server.stack();
    await save(stack, { clickhouseSyncInterval: 3000, transferHorizonSeconds: 6000 });
    const ctx = stack.ctx(ADMIN);
    const horizonOnly: SettingName[] = ["transferHorizonSeconds"];
    await expect(resetSettings({ ctx, input: { names: horizonOnly } })).rejects.toMatchObject(refused);
    await expect(resetSettings({ ctx, input: {} })).resolves.toBeDefined();
  });

  it("makes a process ignore the saved horizons if its environment contradicts them", () => {
    const stored = { transferHorizonSeconds: 700, maxRetries: 9 };
    const { settings, ignored } = effectiveSettings({ stored, environment: { clickhouseSyncInterval: 1000 } });
    expect(ignored).toContain("transferHorizonSeconds");
    expect(settings).toMatchObject({ transferHorizonSeconds: 3600, clickhouseSyncInterval: 1000, maxRetries: 9 });
  });

  it("lists an ignored saved value as the default", async () => {
    const stack = server.stack({ environment: { clickhouseSyncInterval: 1000 } });
    const change = { value: 700, version: 1, updatedAt: 1, updatedBy: "x" };
    await stack.deps.hot.completeCopy(DOCUMENT_KIND.setting);
    await stack.deps.hot.copyDocuments(DOCUMENT_KIND.setting, [settingDocument("transferHorizonSeconds", change)]);
    const byDefault = { value: 3600, source: "default", updatedBy: null };
    expect(await listed(stack, "transferHorizonSeconds")).toMatchObject(byDefault);
    expect(await listed(stack, "clickhouseSyncInterval")).toMatchObject({ value: 1000, source: "environment" });
  });

  it("does not prevent the next change, which removes an ignored saved value", async () => {
    const stack = server.stack({ environment: { clickhouseSyncInterval: 1000 } });
    const change = { value: 700, version: 1, updatedAt: 1, updatedBy: "x" };
    await stack.deps.hot.completeCopy(DOCUMENT_KIND.setting);
    await stack.deps.hot.copyDocuments(DOCUMENT_KIND.setting, [settingDocument("transferHorizonSeconds", change)]);
    await save(stack, { maxRetries: 5 });
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 5, source: "page" });
    const { rows } = await stack.deps.hot.copied(DOCUMENT_KIND.setting);
    expect(JSON.stringify([...rows.values()])).not.toContain("700");
  });
});

describe("the settings source of a process", () => {
  it("follows a change that another process saved", async () => {
    const stack = server.stack();
    const source = stack.deps.settings as RunningSettingsSource;
    running.push(source);
    await source.start();
    expect(source.current().maxRetries).toBe(3);
    const otherProcess = { ...stack.deps, settings: { ...source, refresh: async () => {} } };
    await saveSettings({ ctx: { ...stack.ctx(ADMIN), deps: otherProcess }, input: { values: { maxRetries: 8 } } });
    await expect.poll(() => source.current().maxRetries, { timeout: 10_000 }).toBe(8);
  });

  it("ignores a stored value above the maximum", async () => {
    const stack = server.stack();
    await stack.deps.hot.completeCopy(DOCUMENT_KIND.setting);
    // The maximum of `maxRetries` is 10.
    const change = { value: 99, version: 1, updatedAt: 1, updatedBy: "x" };
    await stack.deps.hot.copyDocuments(DOCUMENT_KIND.setting, [settingDocument("maxRetries", change)]);
    await stack.deps.settings.refresh();
    expect(stack.deps.settings.current().maxRetries).toBe(3);
  });
});

it("a restore after a wipe of Redis restores saved settings, and leaves reset settings at their defaults", async () => {
  const stack = server.stack();
  await save(stack, { maxRetries: 5, timezone: "Europe/Berlin" });
  await resetSettings({ ctx: stack.ctx(ADMIN), input: { names: ["timezone"] } });
  await stack.wipe();
  expect(await restoreSettings({ deps: stack.deps })).toBe(2);
  expect(stack.deps.settings.current()).toMatchObject({ maxRetries: 5, timezone: "UTC" });
  expect(await restoreSettings({ deps: stack.deps })).toBe(0);
});

describe("after Redis has lost its data, the settings", () => {
  it("stay in force in a running process, and are unknown to a new process until they are restored", async () => {
    const stack = server.stack();
    await save(stack, { executionHistoryTtlDays: 365 });
    await stack.wipe();
    await stack.deps.settings.refresh();
    expect(stack.deps.settings.current().executionHistoryTtlDays).toBe(365);
    const { deps } = stack;
    const fresh = createSettingsSource({ ...deps, environment: {} });
    await fresh.refresh();
    expect(fresh.isKnown()).toBe(false);
    await restoreSettings({ deps: { ...stack.deps, settings: fresh } });
    expect([fresh.isKnown(), fresh.current().executionHistoryTtlDays]).toEqual([true, 365]);
  });

  it("are restored by the first list or save", async () => {
    const stack = server.stack();
    await save(stack, { maxRetries: 5 });
    await stack.wipe();
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 5, source: "page" });
    await stack.wipe();
    await save(stack, { retryDelaySeconds: 7 });
    expect(stack.deps.settings.current()).toMatchObject({ maxRetries: 5, retryDelaySeconds: 7 });
  });

  it("can be neither listed nor saved while ClickHouse is down, because their saved values are unknown", async () => {
    const stack = server.stack();
    await save(stack, { maxRetries: 5 });
    await stack.wipe();
    stack.loseClickHouse(true);
    await expect(listed(stack, "maxRetries")).rejects.toMatchObject({ code: "clickhouse_unavailable" });
    await expect(save(stack, { maxRetries: 6 })).rejects.toMatchObject({ code: "clickhouse_unavailable" });
  });
});

it("a change that ClickHouse does not confirm is discarded, even if ClickHouse receives it later", async () => {
  const stack = server.stack();
  await save(stack, { maxRetries: 5 });
  stack.loseClickHouse(true);
  await expect(save(stack, { maxRetries: 6, timezone: "Europe/Berlin" })).rejects.toMatchObject({
    code: "clickhouse_unavailable",
  });
  stack.loseClickHouse(false);
  for (let wipes = 0; wipes < 2; wipes += 1) {
    expect(await listed(stack, "maxRetries")).toMatchObject({ value: 5, updatedBy: ADMIN.email });
    expect(await listed(stack, "timezone")).toMatchObject({ value: "UTC", source: "default" });
    await stack.wipe();
  }
});
