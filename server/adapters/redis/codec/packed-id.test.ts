import fc from "fast-check";
import { expect, it } from "vitest";
import { packId, packKey, unpackId, unpackKey } from "./packed-id";

it("unpacks every id unchanged, and packs a UUID into 22 characters", () => {
  fc.assert(fc.property(fc.uuid(), (id) => unpackId(packId(id)) === id && packId(id).length === 22));
  fc.assert(fc.property(fc.string(), (id) => unpackId(packId(id)) === id));
});

it.each(["", "~", "~~a", "0F8FAD5B-D9CB-469F-A165-70867728950E", "abcdefghijklmnopqrstuv", "not a uuid"])(
  "never encodes %j like a packed UUID",
  (id) => {
    expect(unpackId(packId(id))).toBe(id);
    expect(packId(id).startsWith("~")).toBe(true);
  },
);

it("packs the schedule id at the start of a key, and nothing else", () => {
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  for (const key of [`${id}@1764000000000:replay:2`, `${id}@manual:${id}`, `${id}#plan`, id]) {
    expect(unpackKey(packKey(key))).toBe(key);
    expect(packKey(key)).toHaveLength(key.length - 36 + 22);
  }
});
