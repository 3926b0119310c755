import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rebuild, rebuildState } from "~/server/services/firing/rebuild";
import { markFilled } from "~/server/testing/mark-filled";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { createSchedule, createSchedules, deleteSchedule, getSchedule, namesOfSchedules, patchSchedule } from ".";

let stack: TestStack;
let nameCount = 0;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

const unique = () => {
  nameCount += 1;
  return `name ${nameCount}`;
};
const definition = (name: string | null, over: object = {}) => ({
  ...{ topic: "names", entityType: "x", action: "y", cronExpression: "0 3 * * *", name },
  ...over,
});
const create = (name: string, over: object = {}) =>
  createSchedule({ ctx: stack.ctx, input: definition(name, over) }).then(({ schedule }) => schedule.scheduleId);
const batch = async (items: unknown[]) => {
  const answer = await createSchedules({ ctx: stack.ctx, input: { items } });
  return answer.items.map((item) => ("error" in item ? item.error.code : "ok"));
};
const remove = (scheduleId: string) => deleteSchedule({ ctx: stack.ctx, input: { scheduleId } });
const rename = (scheduleId: string, name: string, expectedVersion?: number) =>
  patchSchedule({ ctx: stack.ctx, input: { scheduleId, expectedVersion, patch: { name } } });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error: { code: string }) => error.code,
  );
const holder = (name: string) => stack.redis.get(`${stack.prefix}name:${name}`);

describe("the names of many schedules", () => {
  it("are in the order of the ids, with deleted schedules and without unknown ids", async () => {
    const [name, gone] = [unique(), unique()];
    const [kept, deleted] = [await create(name), await create(gone)];
    await remove(deleted);
    const scheduleIds = [deleted, "0198c0de-0000-7000-8000-00000000dead", kept];
    const event = { entityType: "x", action: "y", entityId: null };
    expect(await namesOfSchedules({ ctx: stack.ctx, input: { scheduleIds } })).toEqual([
      { scheduleId: deleted, name: gone, ...event },
      { scheduleId: kept, name, ...event },
    ]);
  });
});

describe("a name in one batch", () => {
  it("belongs to the first item with the name; the others with it are refused, and it stays reserved", async () => {
    const name = unique();
    expect(await batch([definition(name), definition(name), definition(unique()), definition(name)])).toEqual([
      ...["ok", "name_taken", "ok", "name_taken"],
    ]);
    expect(await codeOf(create(name))).toBe("name_taken");
  });

  it("is free again if its item was not stored", async () => {
    const name = unique();
    expect(await batch([definition(name, { cronExpression: "0 0 30 2 *" }), definition(name)])).toEqual([
      ...["cron_never_fires", "ok"],
    ]);
  });
});

describe("a name in concurrent requests", () => {
  it("goes to one of ten creates", async () => {
    const name = unique();
    const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf(create(name))));
    expect(codes.filter((code) => code === "ok")).toHaveLength(1);
    expect(codes.filter((code) => code === "name_taken")).toHaveLength(9);
  });

  it("goes to one of ten batches", async () => {
    const name = unique();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => batch([definition(name), definition(unique())])),
    );
    expect(answers.filter(([first]) => first === "ok")).toHaveLength(1);
  });

  it("goes to either a create or a rename, and stays taken", async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = unique();
      const id = await create(unique());
      const codes = await Promise.all([codeOf(create(name)), codeOf(rename(id, name))]);
      expect(codes.sort()).toEqual(["name_taken", "ok"]);
      expect(await codeOf(create(name))).toBe("name_taken");
    }
  });

  it("goes to one of two renames", async () => {
    const name = unique();
    const [a, b] = [await create(unique()), await create(unique())];
    const codes = await Promise.all([codeOf(rename(a, name)), codeOf(rename(b, name))]);
    expect(codes.sort()).toEqual(["name_taken", "ok"]);
  });
});

describe("a name", () => {
  it("is freed by a delete, for the next create", async () => {
    const name = unique();
    await remove(await create(name));
    const second = await create(name);
    expect(await holder(name)).toBe(second);
    expect(await codeOf(create(name))).toBe("name_taken");
  });

  it("goes to at most one of several creates that run while its schedule is deleted", async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = unique();
      const first = await create(name);
      const codes = await Promise.all([remove(first), codeOf(create(name)), codeOf(create(name))]);
      const succeeded = codes.filter((code) => code === "ok").length;
      expect(succeeded).toBeLessThanOrEqual(1);
      expect(await codeOf(create(name))).toBe(succeeded === 1 ? "name_taken" : "ok");
    }
  });

  it("is freed by a rename, and is not taken by a refused rename", async () => {
    const [before, after] = [unique(), unique()];
    const id = await create(before);
    expect(await codeOf(rename(id, after, 7))).toBe("version_stale");
    expect(await holder(after)).toBeNull();
    await rename(id, after);
    expect(await codeOf(create(after))).toBe("name_taken");
    expect(await codeOf(create(before))).toBe("ok");
  });

  it("is kept if one of several concurrent renames to it succeeds and the others fail", async () => {
    const [before, after] = [unique(), unique()];
    const id = await create(before);
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(rename(id, after, 1))));
    expect(codes.filter((code) => code === "ok")).toHaveLength(1);
    expect((await getSchedule({ ctx: stack.ctx, input: { scheduleId: id } })).name).toBe(after);
    expect(await holder(after)).toBe(id);
  });

  it("is freed by a create that Redis refused", async () => {
    const name = unique();
    const hot = { ...stack.deps.hot, put: () => Promise.reject(new Error("refused")) };
    const ctx = { ...stack.ctx, deps: { ...stack.deps, hot } };
    await expect(createSchedule({ ctx, input: definition(name) })).rejects.toThrow("refused");
    expect(await codeOf(create(name))).toBe("ok");
  });
});

describe("a name that Redis has lost", () => {
  it("belongs to its holder again, although a create requested the name during the rebuild", async () => {
    const { hot, store } = stack.deps;
    const name = unique();
    const scheduleId = await create(name);
    await recordAll(stack.deps, 0);
    await stack.redis.del(`${stack.prefix}name:${name}`);
    const findIdByName = vi.spyOn(store, "findIdByName").mockImplementationOnce(async (wanted) => {
      // A rebuild cannot reserve the name for its schedule while the create waits for ClickHouse.
      expect(await hot.reserveName({ name, scheduleId })).toMatchObject({ ok: false });
      return store.findIdByName(wanted);
    });
    expect(await codeOf(create(name))).toBe("name_taken");
    findIdByName.mockRestore();
    expect(await holder(name)).toBe(scheduleId);
    await markFilled(hot);
    expect(await codeOf(create(name))).toBe("name_taken");
  });

  it("still belongs to its holder after a wipe during a rebuild and a second rebuild", async () => {
    const { hot } = stack.deps;
    const name = unique();
    const scheduleId = await create(name);
    await recordAll(stack.deps, 0);
    const keys = [`name:${name}`, "{0}:epoch", "{0}:rebuild"].map((key) => stack.prefix + key);
    await stack.redis.del(...keys);
    const end = hot.endRebuild;
    const wiped = vi.spyOn(hot, "endRebuild").mockImplementationOnce(async (token) => {
      expect(await holder(name)).toBe(scheduleId);
      await stack.redis.del(...keys);
      return end(token);
    });
    await rebuild(stack.deps);
    wiped.mockRestore();
    expect(await rebuildState(stack.deps)).not.toBe("none");
    expect(await codeOf(create(name))).toBe("name_taken");
    await rebuild(stack.deps);
    expect(await rebuildState(stack.deps)).toBe("none");
    expect(await holder(name)).toBe(scheduleId);
  });
});

it("a create takes over a name whose holder was never stored, but not while that schedule may still be created", async () => {
  const name = unique();
  const neverStored = "0190f3a0-0000-7000-8000-000000000000";
  await stack.deps.hot.reserveName({ name, scheduleId: neverStored });
  expect(await codeOf(create(name))).toBe("name_taken");
  // A reservation without an expiry counts as old.
  await stack.redis.persist(`${stack.prefix}name:${name}`);
  expect(await codeOf(create(name))).toBe("ok");
});
