import { expect, test } from "vitest";
import { viewQuery } from "./saved-view";

test.each([
  ["", ""],
  ["?q=a%20b&cursor=xyz", "q=a+b"],
  ["tab=failing&open=1&entry=2", "tab=failing"],
  ["topic=a,b&sort=-name", "topic=a%2Cb&sort=-name"],
])("of %j a view keeps %j", (search, kept) => {
  expect(viewQuery(search)).toBe(kept);
});
