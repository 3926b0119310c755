import { expect, it } from "vitest";
import { crc32, createKeys } from "./keys";

it.each([
  ["", 0],
  ["123456789", 0xcbf43926],
  ["The quick brown fox jumps over the lazy dog", 0x414fa339],
])("computes the standard CRC-32 of %j", (text, expected) => {
  expect(crc32(text)).toBe(expected);
});

it("gives all keys of a shard one hash tag, and derives the shard of an id from its CRC-32", () => {
  const keys = createKeys("stufio:", 4);
  expect(keys.shards).toHaveLength(4);
  for (const [shard, names] of keys.shards.entries()) {
    for (const name of Object.values(names)) expect(name.startsWith(`stufio:{${shard}}:`)).toBe(true);
  }
  expect(keys.shards[2]).toMatchObject({
    due9: "stufio:{2}:due:9",
    duec: "stufio:{2}:due:c",
    fenceExp: "stufio:{2}:fence:exp",
    held: "stufio:{2}:held",
    heldAt: "stufio:{2}:held:at",
    heldUntil: "stufio:{2}:held:until",
  });
  expect(keys.shardOf("a")).toBe(crc32("a") % 4);
});
