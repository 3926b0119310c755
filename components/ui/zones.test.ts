import { describe, expect, it } from "vitest";
import { loadZones, zonesInUse } from "~/server/domain/recurrence";
import { matchesOption } from "./combobox-option";
import { currentZoneName, isZone, zoneOptions } from "./zones";

const winter = Date.parse("2026-01-15T12:00Z");
const options = zoneOptions(winter);
const find = (query: string) => options.filter((option) => matchesOption(option, query)).map((option) => option.value);

describe("zoneOptions", () => {
  it("starts with UTC and has no duplicates", () => {
    const values = options.map((option) => option.value);
    expect(values[0]).toBe("UTC");
    expect(new Set(values).size).toBe(values.length);
  });

  it.each([
    ["a city", "berlin", "Europe/Berlin"],
    ["a city of two words", "new york", "America/New_York"],
    ["the current name", "kolkata", "Asia/Kolkata"],
    ["the older name", "Calcutta", "Asia/Kolkata"],
    ["the current spelling", "Kyiv", "Europe/Kyiv"],
    ["the older spelling", "kiev", "Europe/Kyiv"],
    ["a city without its own zone", "mumbai", "Asia/Kolkata"],
    ["an offset", "+5:30", "Asia/Kolkata"],
    ["a padded offset", "+05:45", "Asia/Kathmandu"],
    ["an offset with UTC", "utc-5", "America/New_York"],
    ["an abbreviation", "PST", "America/Los_Angeles"],
    ["words in any order", "york america", "America/New_York"],
    ["another name of UTC", "zulu", "UTC"],
  ])("finds a zone by %s", (_, query, zone) => {
    expect(find(query)).toContain(zone);
  });

  it("finds nothing for an unknown place", () => {
    expect(find("atlantis")).toEqual([]);
  });

  it("shows the current name if the runtime lists an old name", () => {
    expect(zoneOptions(winter, ["Asia/Calcutta"])[1]).toMatchObject({ value: "Asia/Kolkata", hint: "UTC+5:30" });
  });

  it("lists only zones that can be computed", () => {
    expect(options.filter((option) => !isZone(option.value))).toEqual([]);
  });

  it("lists the zones of the server's tz database, whatever the browser knows", () => {
    const before = zonesInUse();
    try {
      const names = ["America/Vancouver", "Europe/New_Place", "GB", "UTC"];
      loadZones({
        ...before,
        names,
        read: (name) => before.read(name === "Europe/New_Place" ? "Europe/Berlin" : name),
      });
      expect(zoneOptions(winter).map((option) => option.value)).toEqual([
        "UTC",
        "America/Vancouver",
        "Europe/New_Place",
      ]);
      expect([isZone("Europe/New_Place"), isZone("Europe/Atlantis")]).toEqual([true, false]);
    } finally {
      loadZones(before);
    }
  });
});

it.each([
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["Europe/Berlin", "Europe/Berlin"],
  ["Nowhere/Land", "Nowhere/Land"],
])("currentZoneName of %s is %s", (zone, expected) => {
  expect(currentZoneName(zone)).toBe(expected);
});

it("isZone is true for valid zones and false for invalid zones", () => {
  expect([isZone("Europe/Berlin"), isZone("UTC"), isZone("Mars/Olympus"), isZone("")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
