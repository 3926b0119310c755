import { expect, it } from "vitest";
import { shownActor } from "./shown-actor";

it("says that ADMIN_API_KEY is the key from the environment", () => {
  expect(shownActor("ADMIN_API_KEY")).toBe("ADMIN_API_KEY (environment)");
  expect(shownActor("ana@example.com")).toBe("ana@example.com");
});
