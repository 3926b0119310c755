import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Principal } from "~/server/services/principal";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { DeleteViewInput, deleteView, ListViewsInput, listViews, SaveViewInput, saveView } from ".";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const as = (id: string, role: Principal["role"] = "editor") => ({
  ...stack.ctx,
  principal: { id, email: `${id}@x.org`, name: id, role, via: "session" } as const,
});
type Caller = ReturnType<typeof as>;
const save = (ctx: Caller, over: object = {}) =>
  saveView({
    ctx,
    input: SaveViewInput.parse({ list: "schedules", name: "Mine", query: "q=a", shared: false, ...over }),
  });
const remove = (ctx: Caller, viewId: string) => deleteView({ ctx, input: DeleteViewInput.parse({ viewId }) });
const names = async (ctx: Caller, list = "schedules") =>
  (await listViews({ ctx, input: ListViewsInput.parse({ list }) })).items.map(({ name, query }) => [name, query]);

describe("a private view", () => {
  test("can be saved by a viewer, and is shown only to its owner and only for its list", async () => {
    const ana = as("ana", "viewer");
    await save(ana, { name: "Failing", query: "?tab=failing&cursor=abc" });
    expect(await names(ana)).toEqual([["Failing", "tab=failing"]]);
    expect(await names(ana, "executions")).toEqual([]);
    expect(await names(as("ben", "admin"))).toEqual([]);
  });

  test("replaces the view with the same name, and can be deleted", async () => {
    const cem = as("cem");
    const first = await save(cem, { name: " Late ", query: "q=1" });
    const second = await save(cem, { name: "Late", query: "q=2" });
    expect(second.viewId).toBe(first.viewId);
    expect(await names(cem)).toEqual([["Late", "q=2"]]);
    await expect(remove(as("ben", "admin"), first.viewId)).rejects.toMatchObject({ code: "not_found" });
    await remove(cem, first.viewId);
    expect(await names(cem)).toEqual([]);
    await expect(remove(cem, first.viewId)).rejects.toMatchObject({ code: "not_found" });
    expect((await save(cem, { name: "Late" })).viewId).not.toBe(first.viewId);
  });

  test("is not shown to a user whose id is a prefix of the owner's id", async () => {
    await save(as("dan"), { name: "d" });
    expect(await names(as("da"))).toEqual([]);
  });

  test("is refused if its owner already has 100 private and shared views", async () => {
    const eve = as("eve");
    await save(eve, { name: "shared by eve", list: "audit", shared: true });
    const rows = Array.from({ length: 99 }, (_, n) => {
      const view = { id: `user:eve:${n}`, version: 1, deleted: false, list: "schedules", name: `v${n}`, query: "" };
      const json = JSON.stringify({ ...view, ownerId: "eve", updatedBy: "eve@x.org", updatedAt: 1 });
      return { key: view.id, json, version: 1, deleted: false };
    });
    await stack.deps.store.insertDocuments({ token: "eve", kind: DOCUMENT_KIND.savedView, rows });
    await expect(save(eve, { name: "one more" })).rejects.toMatchObject({ code: "validation_failed" });
    await save(eve, { name: "v7", query: "q=changed" });
    expect(await names(eve)).toHaveLength(99);
  });
});

describe("a shared view", () => {
  test("is shown to everyone, can be saved and deleted only with schedules:edit, and is audited", async () => {
    const view = await save(as("fay"), { name: "Ours", query: "q=ours", list: "executions", shared: true });
    expect(await names(as("ana", "viewer"), "executions")).toEqual([["Ours", "q=ours"]]);
    const viewer = as("ana", "viewer");
    await expect(save(viewer, { name: "Ours", shared: true })).rejects.toMatchObject({ code: "forbidden" });
    await expect(remove(viewer, view.viewId)).rejects.toMatchObject({ code: "forbidden" });
    await save(as("gus"), { name: "Ours", query: "q=changed", list: "executions", shared: true });
    await remove(as("gus"), view.viewId);
    expect(await names(as("fay"), "executions")).toEqual([]);
    const { audit } = await stack.deps.hot.unflushed({ limit: 100 });
    const entries = audit.map((json) => JSON.parse(json)).filter(({ target }) => target === view.viewId);
    expect(entries.map(({ action, actor }) => [action, actor]).toSorted()).toEqual([
      ["saved_view.delete", "gus@x.org"],
      ["saved_view.save", "fay@x.org"],
      ["saved_view.save", "gus@x.org"],
    ]);
  });
});

test.each([
  ["an empty name", { name: " " }],
  ["a name that is too long", { name: "x".repeat(81) }],
  ["a query that is too long", { query: "q".repeat(2001) }],
  ["an unknown list", { list: "system" }],
])("%s is refused", (_, over) => {
  const input = { list: "schedules", name: "n", query: "", shared: false, ...over };
  expect(SaveViewInput.safeParse(input).success).toBe(false);
});
