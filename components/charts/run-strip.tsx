"use client";

import { cn } from "~/components/ui/cn";
import { type DisplayZone, formatInstant, formatLateness } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { OUTCOME_LABELS, type ShownOutcome } from "~/components/ui/outcome";
import { useDisplayZone } from "~/components/ui/time";
import { describeRuns } from "./prepare/run-strip";

export interface StripRun {
  id: string;
  outcome: ShownOutcome;
  /** Nominal time, epoch ms. */
  at: number;
  latenessMs?: number | null;
}

// Shape as well as colour: full height is a failure, hollow did not run, dashed has not ended.
const FORMS: Record<ShownOutcome, string> = {
  succeeded: "h-3 bg-succeeded",
  late: "h-4 bg-late",
  retrying: "h-4 border border-dashed border-retrying",
  running: "h-3 border border-dashed border-running",
  pending: "h-3 border border-dashed border-pending",
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
          className={cn("w-1.5 rounded-[1px]", FORMS[run.outcome])}
        />
      ))}
    </div>
  );
}

/** The same runs as links, each wide enough to be tapped. */
export function RunStripLinks({ runs, hrefOf }: { runs: readonly StripRun[]; hrefOf: (run: StripRun) => string }) {
  const display = useDisplayZone();
  return (
    <ol
      aria-label={describeRuns(runs.map((run) => run.outcome))}
      className="grid grid-cols-[repeat(auto-fill,1.5rem)] gap-y-1"
    >
      {runs.map((run) => (
        <li key={run.id}>
          <Link
            href={hrefOf(run)}
            aria-label={`${describeRun(run, display)}: explain`}
            title={describeRun(run, display)}
            className="flex h-6 w-6 items-end justify-center rounded pb-0.5 hover:bg-hover"
          >
            <span className={cn("w-2 rounded-[1px]", FORMS[run.outcome])} />
          </Link>
        </li>
      ))}
    </ol>
  );
}

function describeRun(run: StripRun, display: DisplayZone): string {
  const lateness = run.latenessMs ? ` · ${formatLateness(run.latenessMs)}` : "";
  return `${OUTCOME_LABELS[run.outcome]} · ${formatInstant(run.at, { ...display, format: "short" })}${lateness}`;
}
