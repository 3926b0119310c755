"use client";

import { Pause, Pencil, Play } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { type DisplayZone, formatInstant, formatLateness } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { OUTCOME_LABELS, OUTCOME_ORDER, type ShownOutcome } from "~/components/ui/outcome";
import { useDisplayZone } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import { describeRuns } from "./prepare/run-strip";
import { changesBefore, latenessLevel, type StripChange } from "./prepare/strip-markers";

export interface StripRun {
  id: string;
  outcome: ShownOutcome;
  /** Nominal time, epoch ms. */
  at: number;
  latenessMs?: number | null;
}

// Outcomes also differ in shape. The tallest are failed; the dashed have not ended.
const OUTCOME_SHAPES: Record<ShownOutcome, string> = {
  succeeded: "h-3 bg-succeeded",
  late: "h-4 bg-late",
  retrying: "h-4 border border-dashed border-retrying",
  running: "h-3 border border-dashed border-running",
  pending: "h-3 border border-dashed border-pending",
  held: "h-3 border border-dashed border-held",
  skipped: "h-2 border border-skipped",
  expired: "h-5 border-2 border-expired",
  dead: "h-5 bg-dead",
  cancelled: "h-2 border-2 border-cancelled",
};

/** The last executions of a schedule as small bars, oldest first, with a text for screen readers and tooltips. */
export function RunStrip({
  runs,
  size = 20,
  className,
}: {
  runs: readonly StripRun[];
  size?: number;
  className?: string;
}) {
  const display = useDisplayZone();
  const shown = runs.slice(-size);
  return (
    <div
      role="img"
      aria-label={describeRuns(shown.map((run) => run.outcome))}
      className={cn("flex h-5 items-end gap-0.5", className)}
    >
      {Array.from({ length: size - shown.length }, (_, slot) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty slots have no id
        <span key={slot} className="h-1 w-1.5 rounded-[1px] bg-line" />
      ))}
      {shown.map((run) => (
        <span
          key={run.id}
          title={describeRun(run, display)}
          className={cn("w-1.5 rounded-[1px]", OUTCOME_SHAPES[run.outcome])}
        />
      ))}
    </div>
  );
}

const LATENESS_BARS = ["", "h-0.5", "h-1", "h-1.5", "h-2", "h-2.5"] as const;
const CHANGE_ICONS = { edit: Pencil, pause: Pause, resume: Play, pause_all: Pause, resume_all: Play } as const;
const CHANGE_LABELS = {
  edit: "Edited",
  pause: "Paused",
  resume: "Resumed",
  pause_all: "All firing paused",
  resume_all: "All firing resumed",
} as const;

const CHANGE_KINDS = Object.keys(CHANGE_LABELS) as (keyof typeof CHANGE_LABELS)[];

/** The last executions of a schedule as links, with each run's lateness, and marks for edits, pauses and resumes. */
export function RunStripLinks({
  runs,
  changes = [],
  hrefOf,
}: {
  runs: readonly StripRun[];
  changes?: readonly StripChange[];
  hrefOf: (run: StripRun) => string;
}) {
  const display = useDisplayZone();
  const marks = changesBefore(runs, changes);
  return (
    <figure>
      <ol
        aria-label={describeRuns(runs.map((run) => run.outcome))}
        className="grid grid-cols-[repeat(auto-fill,1.5rem)] gap-y-1"
      >
        {runs.map((run, index) => (
          <li key={run.id} className={cn("relative", marks.size > 0 && "pt-2")}>
            <ChangeMarks changes={marks.get(index)} />
            <Link
              href={hrefOf(run)}
              aria-label={`${describeRun(run, display)}: why it ran or did not run`}
              title={describeRun(run, display)}
              className="flex h-8 w-6 flex-col items-center rounded hover:bg-hover"
            >
              <span className="flex h-5 items-end">
                <span className={cn("w-4 rounded-xs", OUTCOME_SHAPES[run.outcome])} />
              </span>
              <span className={cn("mt-0.5 w-4 rounded-xs bg-late", LATENESS_BARS[latenessLevel(run.latenessMs)])} />
            </Link>
          </li>
        ))}
        {marks.has(runs.length) ? (
          <li className="relative">
            <ChangeMarks changes={marks.get(runs.length)} />
          </li>
        ) : null}
      </ol>
      <StripLegend runs={runs} marks={[...marks.values()].flat()} />
    </figure>
  );
}

/** The legend: only the outcomes, lateness bars and marks that occur in the strip. */
function StripLegend({ runs, marks }: { runs: readonly StripRun[]; marks: readonly StripChange[] }) {
  const outcomes = OUTCOME_ORDER.filter((outcome) => runs.some((run) => run.outcome === outcome));
  const kinds = CHANGE_KINDS.filter((kind) => marks.some((mark) => mark.kind === kind));
  const hasLateness = runs.some((run) => latenessLevel(run.latenessMs) > 0);
  return (
    <figcaption className="mt-2 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-muted text-xs">
      {outcomes.map((outcome) => (
        <span key={outcome} className="inline-flex items-center gap-1.5">
          <span aria-hidden className={cn("w-2.5 rounded-xs", OUTCOME_SHAPES[outcome])} />
          {OUTCOME_LABELS[outcome]}
        </span>
      ))}
      {hasLateness ? (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className={cn("w-2.5 rounded-xs bg-late", LATENESS_BARS[3])} />
          Bar below a run: lateness, from 0.1 s to 10 min or more
        </span>
      ) : null}
      {kinds.map((kind) => {
        const Icon = CHANGE_ICONS[kind];
        return (
          <span key={kind} className="inline-flex items-center gap-1">
            <Icon aria-hidden className="size-3 text-accent-ink" />
            {CHANGE_LABELS[kind]}
          </span>
        );
      })}
    </figcaption>
  );
}

/** The changes before a run, marked at its left edge. */
function ChangeMarks({ changes = [] }: { changes?: readonly StripChange[] }) {
  const display = useDisplayZone();
  const last = changes.at(-1);
  if (last === undefined) return null;
  const text = changes.map((change) => describeChange(change, display)).join("\n");
  const Icon = CHANGE_ICONS[last.kind];
  return (
    <span
      role="img"
      aria-label={text}
      title={text}
      className="-left-1.5 absolute top-0 z-10 flex h-3 items-center text-accent-ink"
    >
      <Icon aria-hidden className="size-3" />
      {changes.length > 1 ? <span className="text-[0.625rem] leading-none">{changes.length}</span> : null}
    </span>
  );
}

function describeChange({ kind, at, actor, note }: StripChange, display: DisplayZone): string {
  const when = formatInstant(at, { ...display, format: "short" });
  return `${CHANGE_LABELS[kind]} by ${shownActor(actor)}, ${when}${note ? `: ${note}` : ""}`;
}

function describeRun(run: StripRun, display: DisplayZone): string {
  const lateness = run.latenessMs ? ` · lateness ${formatLateness(run.latenessMs)}` : "";
  return `${OUTCOME_LABELS[run.outcome]} · ${formatInstant(run.at, { ...display, format: "short" })}${lateness}`;
}
