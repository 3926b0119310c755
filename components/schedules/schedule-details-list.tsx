"use client";

import { DescriptionList } from "~/components/ui/description-list";
import { formatDuration } from "~/components/ui/format";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { Instant, Relative } from "~/components/ui/time";
import type { ShownSchedule } from "./shown-schedule";
import { SOURCE_LABELS } from "./source-labels";

const CATCH_UP = { none: "skip", last: "run the last one", all: "run all" };
const GAP = {
  first_valid: "run at the first valid time",
  shift: "run later by the length of the gap",
  skip: "skip the run",
};
const OVERLAP = { first: "run the first time", second: "run the second time", both: "run both times" };

const mono = (text: string | null) => (text ? <code className="break-all font-mono text-xs">{text}</code> : null);
const seconds = (value: number) => formatDuration(value * 1000);

/** The definition and the state of a schedule. */
export function ScheduleDetailsList({ schedule: s }: { schedule: ShownSchedule }) {
  const recurring = s.cronExpression !== null;
  const when = recurring
    ? [
        { term: "Cron", value: mono(s.cronExpression) },
        { term: "Time zone", value: s.timezone.replaceAll("_", " ") },
        { term: "Daylight saving gap", value: GAP[s.dstGap] },
        { term: "Daylight saving overlap", value: OVERLAP[s.dstOverlap] },
        { term: "Starts", value: s.startAt ? <Instant value={s.startAt} /> : "immediately" },
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
          term: "Executions",
          value: `${s.executionCount}${s.maxRuns === null ? "" : ` of ${s.maxRuns}`}, ${s.errorCount} failed`,
        },
        ...(s.lastError ? [{ term: "Last error", value: <span className="text-danger-ink">{s.lastError}</span> }] : []),
        ...when,
        { term: "Topic", value: mono(s.topic) },
        { term: "Event", value: mono(`${s.entityType}.${s.action}`) },
        { term: "Entity id", value: mono(s.entityId) },
        { term: "Correlation id", value: mono(s.correlationId) },
        { term: "Retries", value: `${s.maxRetries}, first within ${seconds(s.retryDelaySeconds)}` },
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
          term: "Updated",
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
