import { expect, it } from "vitest";
import { CAPABILITIES } from "~/server/domain/choices";
import { capabilityLook } from "./capability-words";

it("shows only firing as paused while all firing is paused", () => {
  const paused = CAPABILITIES.filter((name) => capabilityLook({ name, state: "ok" }, true).word === "Paused");
  expect(paused).toEqual(["fires"]);
  expect(capabilityLook({ name: "fires", state: "ok" }, false)).toMatchObject({ state: "ok", word: "OK" });
});

it("shows a fault of firing during a pause", () => {
  expect(capabilityLook({ name: "fires", state: "degraded" }, true)).toMatchObject({
    state: "critical",
    word: "Degraded",
  });
});
