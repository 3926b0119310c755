import { expect, it } from "vitest";
import { wallState } from "./wall-state";

const NOW = 1_000_000;
const NO_PROBLEMS = { items: [], unknown: [] };
const item = (state: "critical" | "warning") => ({
  id: state,
  state,
  title: "",
  detail: "",
  action: { label: "", href: "" },
});
const healthyInput = {
  attention: NO_PROBLEMS,
  answeredAt: NOW - 3000,
  openedAt: NOW - 60_000,
  outage: null,
  nowMs: NOW,
};

const CASES: [string, Partial<Parameters<typeof wallState>[0]>, ReturnType<typeof wallState>][] = [
  ["fresh answers without problems", {}, { kind: "ok" }],
  ["just opened", { answeredAt: 0, openedAt: NOW - 2000 }, { kind: "starting" }],
  ["no answer since it was opened long ago", { answeredAt: 0 }, { kind: "no-signal", since: null }],
  ["old answers", { answeredAt: NOW - 21_000 }, { kind: "no-signal", since: NOW - 21_000 }],
  ["offline", { outage: { parts: ["network"], since: NOW } }, { kind: "no-signal", since: NOW - 3000 }],
  ["signed out", { signedOutAt: NOW - 1000 }, { kind: "signed-out" }],
  ["signed out, with old answers", { answeredAt: NOW - 90_000, signedOutAt: NOW - 1000 }, { kind: "signed-out" }],
  ["answered after a sign-out", { signedOutAt: NOW - 9000 }, { kind: "ok" }],
  [
    "signed out and offline",
    { signedOutAt: NOW - 1000, outage: { parts: ["network"], since: NOW } },
    { kind: "no-signal", since: NOW - 3000 },
  ],
  ["server does not respond", { outage: { parts: ["server"], since: NOW } }, { kind: "no-signal", since: NOW - 3000 }],
  [
    "Redis does not respond",
    { outage: { parts: ["redis"], since: NOW } },
    { kind: "critical", problems: 1, warnings: 0 },
  ],
  ["warnings", { attention: { items: [item("warning")], unknown: [] } }, { kind: "warning", warnings: 1 }],
  [
    "one critical among warnings",
    { attention: { items: [item("critical"), item("warning")], unknown: [] } },
    { kind: "critical", problems: 1, warnings: 1 },
  ],
  [
    "something could not be checked",
    { attention: { items: [], unknown: ["dead letters"] } },
    { kind: "no-signal", since: NOW - 3000 },
  ],
];

it.each(CASES.map(([name, change, expected]) => ({ name, change, expected })))(
  "$name: the state of the board is $expected.kind",
  ({ change, expected }) => {
    expect(wallState({ ...healthyInput, ...change })).toEqual(expected);
  },
);
