import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { DateTimeField } from "./date-time-field";
import { DisplayZoneProvider } from "./time";
import { ZonePicker } from "./zone-picker";

const NOW = Date.parse("2026-11-29T12:00:00Z");
function render(zone: string, children: ReactElement): string {
  const props = { zone, hour12: false, now: NOW, children };
  return renderToStaticMarkup(createElement(DisplayZoneProvider, props));
}
const field = (value: string, zone: string) =>
  render("UTC", createElement(DateTimeField, { label: "At", value, zone, onChange: () => {} }));

it.each([
  ["UTC", /06:00 – .*08:00/],
  ["Asia/Kolkata", /11:30 – .*13:30/],
])("the range picker names a custom range in the display zone %s", (zone, text) => {
  const range = { from: Date.parse("2026-11-27T06:00:00Z"), to: Date.parse("2026-11-27T08:00:00Z") };
  expect(render(zone, createElement(TimeRangePicker, { value: range, onChange: () => {} }))).toMatch(text);
});

it("the range picker names a preset", () => {
  const html = render("UTC", createElement(TimeRangePicker, { value: { preset: "24h" }, onChange: () => {} }));
  expect(html).toContain("Last 24 hours");
});

it.each([
  ["UTC", "2026-11-27 06:00"],
  ["America/New_York", "2026-11-27 01:00"],
])("the time field shows the instant as local time of %s", (zone, local) => {
  expect(field("2026-11-27T06:00:00.000Z", zone)).toContain(`value="${local}"`);
});

it("the time field explains a local time that occurs twice", () => {
  expect(field("2026-10-25T00:30:00.000Z", "Europe/Berlin")).toMatch(/twice/);
  expect(field("2026-10-26T00:30:00.000Z", "Europe/Berlin")).not.toMatch(/twice/);
});

it("the zone picker shows the current name of a renamed zone", () => {
  const html = render("UTC", createElement(ZonePicker, { value: "Asia/Calcutta", onValueChange: () => {} }));
  expect(html).toMatch(/value="[^"]*Kolkata/);
});
