import { fileURLToPath } from "node:url";
import moment from "moment-timezone";
import { describe, expect, it } from "vitest";
import { offsetAt, openZone, transitions, type ZoneDatabase } from "~/server/domain/recurrence/zone";
import { openSnapshot, snapshotZones } from "~/server/domain/recurrence/zone-snapshot";
import { openBundled } from "./bundled";
import { chooseZones } from "./choose";
import { parsePosixTz } from "./posix-tz";
import { parseTzif } from "./tzif";
import { openZoneinfo } from "./zoneinfo-folder";

/** Zones compiled by IANA's compiler, from the PyPI packages tzdata 2025.3 and 2026.6. */
const folder = (version: string) => fileURLToPath(new URL(`./fixtures/${version}`, import.meta.url));
const [OLD, NEW] = [folder("2025c"), folder("2026f")];

const HOUR_MS = 3_600_000;
const zoneIn = (database: ZoneDatabase, name: string) => {
  const rules = database.read(name);
  if (rules === null) throw new Error(`${database.source} has no ${name}`);
  return openZone(name, rules);
};
const changes = (database: ZoneDatabase, name: string, from: string, until: string) =>
  [...transitions(zoneIn(database, name), { fromMs: Date.parse(from), untilMs: Date.parse(until) })].map(
    ({ atMs, oldOffsetMs, newOffsetMs }) =>
      `${new Date(atMs).toISOString()} ${oldOffsetMs / HOUR_MS} ${newOffsetMs / HOUR_MS}`,
  );

describe("a folder of compiled zones", () => {
  it("is read with its version: Vancouver stays on UTC-7 from 2026 in 2026f, not in 2025c", () => {
    const [before, after] = [openZoneinfo(OLD), openZoneinfo(NEW)];
    expect([before.version, after.version]).toEqual(["2025c", "2026f"]);
    const december = Date.parse("2026-12-01T15:00Z");
    expect(offsetAt(zoneIn(before, "America/Vancouver"), december)).toBe(-8 * HOUR_MS);
    expect(offsetAt(zoneIn(after, "America/Vancouver"), december)).toBe(-7 * HOUR_MS);
  });

  it.each([
    ["America/New_York", ["2150-03-08T07:00:00.000Z -5 -4", "2150-11-01T06:00:00.000Z -4 -5"]],
    ["Asia/Jerusalem", ["2150-03-27T00:00:00.000Z 2 3", "2150-10-24T23:00:00.000Z 3 2"]],
    ["America/Santiago", ["2150-04-05T03:00:00.000Z -3 -4", "2150-09-06T04:00:00.000Z -4 -3"]],
    ["Asia/Kathmandu", []],
  ])("applies the footer's rule beyond the listed transitions: %s in 2150", (name, expected) => {
    expect(changes(openZoneinfo(NEW), name, "2150-01-01", "2151-01-01")).toEqual(expected);
  });

  it("finds names in any letter case, and refuses paths outside the folder", () => {
    const zones = openZoneinfo(NEW);
    expect(zones.read("america/VANCOUVER")).toEqual(zones.read("America/Vancouver"));
    for (const name of ["../2025c/America/Vancouver", "America/../Etc/UTC", "tzdata.zi", "America", ""]) {
      expect(zones.read(name), name).toBeNull();
    }
  });

  it("is refused with the reason if the folder is missing or has no version, or if a file is not TZif 2 or later", () => {
    expect(() => openZoneinfo("/nowhere")).toThrow("the folder /nowhere does not exist");
    expect(() => openZoneinfo(`${NEW}/America`)).toThrow(/has no version/);
    expect(() => parseTzif(Buffer.from("TZif2"))).toThrow("not a TZif file");
    expect(() => parseTzif(Buffer.from(`TZif2${"\0".repeat(39)}`))).toThrow("not a TZif file");
    expect(() => parseTzif(Buffer.from(`TZif\0${"\0".repeat(39)}`))).toThrow("TZif version 1 is too old");
  });
});

describe("the bundled package", () => {
  const bundled = openBundled();

  it("has the offsets that moment-timezone computes from it", () => {
    const wrong = bundled.names.flatMap((name) => {
      const theirs = moment.tz.zone(name) as moment.MomentZone;
      if (theirs.name !== name) return [];
      const ours = zoneIn(bundled, name);
      const times = theirs.untils.filter((at): at is number => Number.isFinite(at));
      // moment-timezone has fractional minutes, ZoneRules has ms.
      const differs = (at: number) => Math.abs(offsetAt(ours, at) + theirs.utcOffset(at) * 60_000) > 1;
      return [0, ...times, ...times.map((at) => at - 1)].filter(differs).map((at) => `${name} at ${at}`);
    });
    expect(wrong).toEqual([]);
  });

  it("agrees with IANA's compiled zones of the same release, from 1970 to 2150", ({ skip }) => {
    const compiled = openZoneinfo(NEW);
    // A later release of the package may have other rules for these zones.
    if (bundled.version !== compiled.version) skip();
    for (const name of compiled.names) {
      expect(changes(bundled, name, "1970-01-01", "2150-01-01"), name).toEqual(
        changes(compiled, name, "1970-01-01", "2150-01-01"),
      );
    }
  });

  it("has the clock changes of years after 2037", () => {
    expect(changes(bundled, "America/New_York", "2090-01-01", "2091-01-01")).toHaveLength(2);
    expect(changes(bundled, "Asia/Jerusalem", "2150-01-01", "2151-01-01")).toEqual([
      "2150-03-27T00:00:00.000Z 2 3",
      "2150-10-24T23:00:00.000Z 3 2",
    ]);
  });
});

describe("a snapshot of all zones", () => {
  it.each([
    ["the bundled package", openBundled()],
    ["IANA's compiled zones", openZoneinfo(NEW)],
  ])("has every transition of %s until 2150, in less than 64 KiB", (_, database) => {
    const since = "2026-07-01";
    const snapshot = snapshotZones(database, Date.parse(since));
    const reopened = openSnapshot(JSON.parse(JSON.stringify(snapshot)));
    expect(reopened.names).toEqual(database.names.filter((name) => database.read(name) !== null));
    for (const name of reopened.names) {
      expect(changes(reopened, name, since, "2150-01-01"), name).toEqual(changes(database, name, since, "2150-01-01"));
    }
    expect(JSON.stringify(snapshot).length).toBeLessThan(64 * 1024);
  });
});

describe("the choice of the tz database", () => {
  it("uses the newer of the system's and the bundled database", () => {
    const bundled = openBundled();
    expect(chooseZones({ tzdataDir: null, systemFolder: OLD }).database.source).toBe(bundled.source);
    expect(chooseZones({ tzdataDir: null, systemFolder: "/nowhere" }).database.version).toBe(bundled.version);
    const chosen = chooseZones({ tzdataDir: null, systemFolder: NEW });
    expect(chosen.database.source).toBe(bundled.version > "2026f" ? bundled.source : NEW);
  });

  it("uses TZDATA_DIR, and warns if it is older than the bundled database", () => {
    const { database, warnings } = chooseZones({ tzdataDir: OLD });
    expect(database).toMatchObject({ version: "2025c", source: OLD });
    expect(warnings).toEqual([expect.stringContaining("TZDATA_DIR has tzdata 2025c, older than the bundled 20")]);
    expect(() => chooseZones({ tzdataDir: "/nowhere" })).toThrow("the folder /nowhere does not exist");
  });

  it("has every zone name, also names that the chosen folder lacks", () => {
    const { database } = chooseZones({ tzdataDir: NEW });
    expect(database.read("US/Eastern")).not.toBeNull();
    expect(database.names).toContain("Europe/Berlin");
    expect(new Set(database.names).size).toBe(database.names.length);
  });
});

describe("a POSIX TZ text", () => {
  it.each([
    ["", null],
    ["UTC0", { offsetMs: 0, rule: null }],
    ["<+0545>-5:45", { offsetMs: 5.75 * HOUR_MS, rule: null }],
    ["MST7", { offsetMs: -7 * HOUR_MS, rule: null }],
    // Permanent summer time, in the form of RFC 9636.
    ["XXX3EDT4,0/0,J365/23", { offsetMs: -4 * HOUR_MS, rule: null }],
    ["nonsense", null],
    ["EST5EDT,M3.2", null],
  ])("is parsed; an empty or invalid text gives null: %j", (text, expected) => {
    expect(parsePosixTz(text)).toEqual(expected);
  });

  it("is parsed with all its parts: Godthab changes on a Saturday evening, Lord Howe by half an hour", () => {
    expect(parsePosixTz("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")?.rule).toEqual({
      standardMs: -2 * HOUR_MS,
      daylightMs: -HOUR_MS,
      toDaylight: { kind: "week", month: 3, week: 5, weekday: 0, timeMs: -HOUR_MS },
      toStandard: { kind: "week", month: 10, week: 5, weekday: 0, timeMs: 0 },
    });
    expect(parsePosixTz("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")?.rule).toMatchObject({ daylightMs: 11 * HOUR_MS });
    expect(parsePosixTz("EST5EDT,J60,300/3")?.rule).toMatchObject({
      toDaylight: { kind: "julian", day: 60, timeMs: 2 * HOUR_MS },
      toStandard: { kind: "ordinal", day: 300, timeMs: 3 * HOUR_MS },
    });
  });
});
