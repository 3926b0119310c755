import { expect, it } from "vitest";
import { SETTING_NAMES } from "~/server/domain/settings";
import { SETTING_GROUPS } from "./setting-groups";

it("shows every setting once", () => {
  expect(SETTING_GROUPS.flatMap(({ names }) => names).toSorted()).toEqual(SETTING_NAMES.toSorted());
});
