import { describe, expect, it } from "vitest";
import { DEFAULT_PREFERENCES, parsePreferences, preferenceCookie } from "./preferences";

const parse = (cookies: Record<string, string>) => parsePreferences((name) => cookies[name]);

describe("parsePreferences", () => {
  it("falls back to the defaults without cookies", () => {
    expect(parse({})).toEqual(DEFAULT_PREFERENCES);
  });

  it("reads stored values", () => {
    const kept = {
      theme: "dark",
      density: "compact",
      zone: "Asia/Kolkata",
      hour12: "true",
      shortcuts: "false",
      sidebar: "narrow",
      columns: "schedules:cadence.-tier",
    };
    expect(parse(kept)).toEqual({ ...kept, hour12: true, shortcuts: false });
  });

  it.each([
    ["an unknown theme", { theme: "<script>" }],
    ["an unknown zone", { zone: "Mars/Olympus" }],
    ["an unknown density", { density: "tiny" }],
    ["empty values", { theme: "", zone: "", hour12: "" }],
  ])("ignores %s", (_, cookies) => {
    expect(parse(cookies)).toEqual(DEFAULT_PREFERENCES);
  });
});

it("preferenceCookie escapes the value, and the cookie lasts a year", () => {
  expect(preferenceCookie("zone", "America/New_York")).toBe(
    "zone=America%2FNew_York; path=/; max-age=31536000; samesite=lax",
  );
});
