import { expect, it } from "vitest";
import { payloadPath } from "./payload-path";

it.each([
  ["", "payload"],
  ["/items/2/sku", "payload.items[2].sku"],
  ["/a~1b/c~0d", 'payload["a/b"]["c~d"]'],
  ["/x-y/0", 'payload["x-y"][0]'],
  ["/01", 'payload["01"]'],
  ["/", 'payload[""]'],
])("the JSON pointer %j is the path %s", (pointer, path) => {
  expect(payloadPath(pointer)).toBe(path);
});
