"use client";

import { DescriptionList } from "~/components/ui/description-list";
import { formatDuration } from "~/components/ui/format";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Relative } from "~/components/ui/time";
import { SOURCE_LABELS } from "./schedule-name";
import type { ShownSchedule } from "./shown-schedule";

const CATCH_UP = { none: "skip what was missed", last: "run the last one missed", all: "run all that were missed" };
const GAP = { first_valid: "first time after the jump", shift: "as late as the jump is long", skip: "skipped" };
const OVERLAP = { first: "the first time", second: "the second time", both: "both times" };

const mono = (text: string | null) => (text ? <code className="break-all font-mono text-xs">{text}</code> : null);
const seconds = (value: number) => formatDuration(value * 1000);

/** The definition and the state of a schedule at a glance. */
export function ScheduleFacts({ schedule: s }: { schedule: ShownSchedule }) {
  const recurring = s.cronExpression !== null;
  const when = recurring
    ? [
        { term: "Cron", value: mono(s.cronExpression) },
        { term: "Zone", value: s.timezone.replaceAll("_", " ") },
        { term: "When the clocks jump", value: GAP[s.dstGap] },
        { term: "When a time happens twice", value: OVERLAP[s.dstOverlap] },
        { term: "Starts", value: s.startAt ? <Instant value={s.startAt} /> : "at once" },
        { term: "Ends", value: s.endAt ? <Instant value={s.endAt} /> : "never" },
        {
          term: "Missed runs",
          value: `${CATCH_UP[s.catchUp.policy]}, within ${seconds(s.catchUp.windowSeconds)}`,
        },
      ]
    : [{ term: "Time", value: <Instant value={s.executionTime} zone={s.timezone} /> }];
  return (
    <DescriptionList
      columns={3}
      items={[
        {
          term: "Next run",
          value: s.nextExecution ? (
            <>
              <Relative value={s.nextExecution} /> · <Instant value={s.nextExecution} />
            </>
          ) : null,
        },
        {
          term: "Last run",
          value: s.lastStatus ? (
            <span className="flex flex-wrap items-center gap-1.5">
              <OutcomeBadge outcome={s.lastStatus} />
              <Relative value={s.lastExecution} />
            </span>
          ) : (
            "never"
          ),
        },
        {
          term: "Runs",
          value: `${s.executionCount}${s.maxRuns === null ? "" : ` of ${s.maxRuns}`}, ${s.errorCount} failed`,
        },
        ...(s.lastError ? [{ term: "Last error", value: <span className="text-danger-ink">{s.lastError}</span> }] : []),
        ...when,
        { term: "Topic", value: mono(s.topic) },
        { term: "Event", value: mono(`${s.entityType}.${s.action}`) },
        { term: "Entity id", value: mono(s.entityId) },
        { term: "Correlation id", value: mono(s.correlationId) },
        { term: "Retries", value: `${s.maxRetries}, from ${seconds(s.retryDelaySeconds)} apart` },
        { term: "Expires after", value: seconds(s.maxDelaySeconds) },
        { term: "Priority", value: String(s.priority) },
        { term: "Jitter", value: s.jitterSeconds > 0 ? `up to ${seconds(s.jitterSeconds)}` : "none" },
        { term: "Source", value: SOURCE_LABELS[s.source] },
        {
          term: "Created",
          value: (
            <>
              <Instant value={s.createdAt} /> by {s.createdBy}
            </>
          ),
        },
        {
          term: "Changed",
          value: (
            <>
              <Instant value={s.updatedAt} />, version {s.version}
            </>
          ),
        },
      ]}
    />
  );
}
