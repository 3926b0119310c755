import { expect, it } from "vitest";
import { changeMarkers } from "./change-markers";

const entry = (fields: object) => ({
  at: "2026-06-01T10:00:00.000Z",
  verb: "schedule.pause",
  target: "s1",
  targetName: "Invoices",
  actor: "ana@example.com",
  note: null,
  job: null,
  ...fields,
});

it.each([
  [
    "names the actor and the note",
    entry({ note: "provider down" }),
    "Paused schedule: Invoices by ana@example.com, “provider down”",
  ],
  [
    "leaves out the actor of an automatic change",
    entry({ verb: "breaker.open", target: "topic:orders", targetName: null, actor: "system" }),
    "Circuit breaker opened: orders",
  ],
  [
    "leaves out the target of a bulk job without a name",
    entry({ verb: "bulk.pause", target: "j1", targetName: null }),
    "Paused in bulk by ana@example.com",
  ],
  [
    "names a pause of all firing",
    entry({ verb: "system.pause_all", target: "firing", targetName: null, note: "migration" }),
    "Paused all firing by ana@example.com, “migration”",
  ],
])("changeMarkers %s", (_, item, label) => {
  expect(changeMarkers([item], undefined)).toEqual([{ at: Date.parse(item.at), label }]);
});

it("changeMarkers places a pause of all firing among the changes of the schedule", () => {
  const items = [
    entry({ at: "2026-06-01T12:00:00.000Z", verb: "schedule.edit" }),
    entry({ at: "2026-06-01T10:00:00.000Z", verb: "schedule.pause" }),
    entry({ at: "2026-06-01T11:00:00.000Z", verb: "system.pause_all", target: "firing", targetName: null }),
  ];
  expect(changeMarkers(items, undefined).map(({ label }) => label)).toEqual([
    "Paused schedule: Invoices by ana@example.com",
    "Paused all firing by ana@example.com",
    "Edited schedule: Invoices by ana@example.com",
  ]);
});

it("changeMarkers leaves out breakers of other topics, and sorts the oldest first", () => {
  const items = [
    entry({ at: "2026-06-01T12:00:00.000Z", verb: "breaker.close", target: "topic:orders" }),
    entry({ at: "2026-06-01T11:00:00.000Z", verb: "breaker.open", target: "topic:invoices" }),
    entry({ at: "2026-06-01T10:00:00.000Z", verb: "bulk.pause" }),
  ];
  expect(changeMarkers(items, "orders").map(({ at }) => new Date(at).getUTCHours())).toEqual([10, 12]);
});
