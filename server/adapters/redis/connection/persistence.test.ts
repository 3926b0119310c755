import { afterEach, describe, expect, test } from "vitest";
import { openSingleRedis, type TestRedis } from "../testing/hot-tier-fixture";
import { redisPersistence } from "./persistence";

let opened: TestRedis | undefined;
afterEach(async () => {
  await opened?.stop();
  opened = undefined;
});

const cases: [string, string[], unknown][] = [
  ["is durable with an append-only file that is synced every second", ["--appendonly", "yes"], { isDurable: true }],
  [
    "is durable with an append-only file that is synced at every write",
    ["--appendonly", "yes", "--appendfsync", "always"],
    { isDurable: true },
  ],
  [
    "is not durable without snapshots and append-only file",
    ["--appendonly", "no", "--save", ""],
    { isDurable: false, fault: expect.stringContaining("nothing on disk") },
  ],
  [
    "is not durable with snapshots only",
    ["--appendonly", "no", "--save", "3600 1"],
    { isDurable: false, fault: expect.stringContaining("snapshots only") },
  ],
  [
    "is not durable with an append-only file that is never synced",
    ["--appendonly", "yes", "--appendfsync", "no"],
    { isDurable: false, fault: expect.stringContaining("Set appendfsync to everysec") },
  ],
  [
    "counts as durable if there is an append-only file and CONFIG is refused",
    ["--appendonly", "yes", "--rename-command", "CONFIG", ""],
    { isDurable: true },
  ],
];

describe("the persistence of Redis", () => {
  test.each(cases)("%s", async (_, args, expected) => {
    opened = await openSingleRedis(args);
    expect(await redisPersistence(opened.redis)).toEqual(expected);
  });
});
