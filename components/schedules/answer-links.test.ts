import { expect, it } from "vitest";
import type { Explanation } from "~/server/domain/explain/explanation";
import { answerLinks } from "./answer-links";

const AT = "2026-11-27T07:00:00.000Z";
/** The range from a minute before `AT` to an hour after it. */
const AUDIT = `range=2026-11-27T06%3A59%3A00.000Z%2F2026-11-27T08%3A00%3A00.000Z&entry=`;
const common = { at: AT, effectiveAt: AT, version: 1, dst: null, allPaused: null };
const pause = { at: AT, actor: "ana@x.org", note: null, until: null, resumedAt: null, resumedBy: null };
const recorded = {
  ...common,
  executionId: "e1",
  trigger: "schedule",
  actor: null,
  endedAt: AT,
  latenessMs: 0,
  attempts: 1,
  replay: null,
} as const;
const skipped = { ...recorded, kind: "skipped", reason: null, pause: null, edit: null } as const;
const edit = { entryId: "a1", at: AT, actor: "ana@x.org", version: 3 };
const neighbours = { previous: null, next: null };

const CASES: [title: string, answer: Explanation, links: [label: string, href: string][]][] = [
  [
    "an execution and its replay",
    { ...recorded, kind: "dead", reason: null, error: null, replay: { executionId: "e2", outcome: "succeeded" } },
    [
      ["Open execution", "/executions/e1"],
      ["Open replay", "/executions/e2"],
    ],
  ],
  [
    "a pause",
    { ...common, kind: "paused", isPast: true, pause: { ...pause, entryId: "a1" } },
    [["Open pause", `/audit?target=s1&${AUDIT}a1`]],
  ],
  [
    "nothing for a pause without an audit entry",
    { ...common, kind: "paused", isPast: true, pause: { ...pause, entryId: null } },
    [],
  ],
  [
    "the version of an edit",
    { ...common, kind: "edited", plannedBy: "later", edit, ...neighbours },
    [["Open version 3", "/schedules/s1?tab=versions&version=3"]],
  ],
  [
    "an edit that superseded a run",
    { ...skipped, reason: "superseded_by_edit", edit },
    [
      ["Open execution", "/executions/e1"],
      ["Open version 3", "/schedules/s1?tab=versions&version=3"],
    ],
  ],
  [
    "a deletion",
    { ...common, kind: "deleted", deletion: { ...edit, version: null } },
    [["Open deletion", `/audit?target=s1&${AUDIT}a1`]],
  ],
  [
    "the breaker",
    {
      ...common,
      kind: "held",
      executionId: "e1",
      attempts: 0,
      error: null,
      topic: "t",
      openedAt: null,
      nextTrialAt: null,
    },
    [
      ["Open execution", "/executions/e1"],
      ["Open circuit breakers", "/system#breakers"],
    ],
  ],
  [
    "a pause of all firing that is over",
    { ...skipped, allPaused: { ...pause, entryId: "a2", resumedAt: AT } },
    [
      ["Open execution", "/executions/e1"],
      ["Open pause of all firing", `/audit?target=firing&${AUDIT}a2`],
    ],
  ],
  [
    "a pause of all firing in force",
    { ...common, kind: "overdue", allPaused: { ...pause, entryId: "a2" } },
    [["Open pause of all firing", "/system#pause-all"]],
  ],
];

it.each(CASES)("links to %s", (_, answer, links) => {
  expect(answerLinks("s1", answer).map(({ label, href }) => [label, href])).toEqual(links);
});

it("links to the audit entry of an edit if the versions have no page", () => {
  const answer: Explanation = { ...common, kind: "edited", plannedBy: "later", edit, ...neighbours };
  expect(answerLinks("s1", answer, { hasVersions: false })).toEqual([
    { label: "Open edit", href: `/audit?target=s1&${AUDIT}a1` },
  ]);
});
