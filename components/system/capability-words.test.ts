import { expect, it } from "vitest";
import { CAPABILITIES } from "~/server/domain/choices";
import { capabilityLook, shortReason } from "./capability-words";

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

it("shortens the problem of a capability, because the reasons are listed in full", () => {
  const refuses = (topic: string) => ({
    ...{ code: "topic_refuses" as const, service: "bus" as const, severity: "critical" as const },
    message: `Topic ${topic} refuses events: connection reset`,
  });
  const reasons = [refuses("a"), refuses("b")];
  const reasonOf = (shown: typeof reasons) => shown.map(({ message }) => message).join(" ");
  expect(shortReason({ reason: reasonOf(reasons.slice(1)) }, reasons)).toBe("Topic b refuses events");
  expect(shortReason({ reason: reasonOf(reasons) }, reasons)).toBe("2 problems, listed above");
  expect(shortReason({ reason: "Redis does not answer." }, reasons)).toBe("Redis does not answer.");
  expect(shortReason({ reason: null }, reasons)).toBeNull();
});
