import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { modeEnvironment, removeEphemeral } from "./ephemeral.mjs";

afterEach(removeEphemeral);
const BOTH = ["--ephemeral", "--virtual-clock"];

describe("npm start", () => {
  it("changes nothing without the options", () => {
    const environment = { REDIS_URL: "redis://a", DATA_DIR: "/data" };
    expect(modeEnvironment(environment, ["--demo"])).toBe(environment);
  });

  it("keeps the data of --ephemeral in a new folder until the end", () => {
    const { DATA_DIR, VIRTUAL_CLOCK } = modeEnvironment({}, ["--ephemeral"]) as Record<string, string>;
    expect([existsSync(DATA_DIR as string), VIRTUAL_CLOCK]).toEqual([true, undefined]);
    removeEphemeral();
    expect(existsSync(DATA_DIR as string)).toBe(false);
  });

  it("turns on the virtual clock if both options are given", () => {
    expect(modeEnvironment({}, BOTH)).toMatchObject({ VIRTUAL_CLOCK: "true" });
  });

  it.each([
    [{}, ["--virtual-clock"], "--virtual-clock requires --ephemeral"],
    [{ REDIS_URL: "redis://a", KAFKA_BROKERS: "a:1" }, BOTH, "remove REDIS_URL, KAFKA_BROKERS from"],
    [{ CLICKHOUSE_URL: "http://a" }, BOTH, "remove CLICKHOUSE_URL from"],
    [{ DATA_DIR: "/data" }, ["--ephemeral"], "remove DATA_DIR from"],
    [{ VIRTUAL_CLOCK: "true" }, [], "VIRTUAL_CLOCK is set by npm start"],
  ])("refuses %j with %j", (environment, args, message) => {
    expect(() => modeEnvironment(environment, args)).toThrow(message);
  });
});
