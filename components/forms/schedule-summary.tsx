"use client";

import { useWatch } from "react-hook-form";
import { OccurrenceList } from "~/components/schedules/occurrence-list";
import { callErrorOf } from "~/components/trpc/app-error";
import { Badge } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { formatZone, NO_VALUE } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { SkeletonLines } from "~/components/ui/skeleton";
import { Instant, Relative } from "~/components/ui/time";
import { INCOMPLETE_TIME } from "~/components/ui/wall-clock";
import { runCountsText } from "./run-counts-text";
import type { ScheduleFormValues } from "./schedule-form-model";
import { useCadencePreview } from "./use-cadence-preview";

const MINUTE_MS = 60_000;

/** A summary beside the form: the cadence in words, the next runs, and the destination. */
export function ScheduleSummary() {
  const [kind, timezone, topic, entityType, action, enabled] = useWatch<
    ScheduleFormValues,
    ["kind", "timezone", "topic", "entityType", "action", "enabled"]
  >({ name: ["kind", "timezone", "topic", "entityType", "action", "enabled"] });
  const nowMs = useNow(MINUTE_MS);
  return (
    <Card title="Summary" className="lg:sticky lg:top-20">
      <div className="flex flex-col gap-4">
        {enabled ? null : <Callout tone="info">The schedule does not fire until someone resumes it.</Callout>}
        {kind === "recurring" ? <RecurringSummary zone={timezone} /> : <OneTimeSummary />}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-sm">
          <dt className="text-muted">Time zone</dt>
          <dd className="break-words">{formatZone(nowMs, timezone)}</dd>
          <dt className="text-muted">Topic</dt>
          <dd className="break-all font-mono text-xs leading-5">{topic || NO_VALUE}</dd>
          <dt className="text-muted">Event</dt>
          <dd className="break-all font-mono text-xs leading-5">
            {entityType || NO_VALUE}.{action || NO_VALUE}
          </dd>
        </dl>
      </div>
    </Card>
  );
}

function OneTimeSummary() {
  const [time, zone] = useWatch<ScheduleFormValues, ["executionTime", "timezone"]>({
    name: ["executionTime", "timezone"],
  });
  if (!time || time === INCOMPLETE_TIME) return <p className="text-muted text-sm">Choose a date and time.</p>;
  return (
    <div>
      <p className="font-medium">
        Once, <Relative value={time} />
      </p>
      <p className="text-muted text-sm">
        <Instant value={time} zone={zone} />
      </p>
    </div>
  );
}

function RecurringSummary({ zone }: { zone: string }) {
  const preview = useCadencePreview();
  const { data, error, isPlaceholderData } = preview;
  if (error) {
    const hasAnswer = Boolean(callErrorOf(error));
    return (
      <p className="text-muted text-sm">
        {hasAnswer
          ? "There is no preview. The field of the cron expression shows why."
          : "The preview could not be loaded. You can still save."}
      </p>
    );
  }
  if (!data) return <SkeletonLines lines={6} />;
  const frequency = runCountsText(data.runs);
  return (
    <div className={isPlaceholderData ? "opacity-60" : undefined} aria-busy={isPlaceholderData}>
      <p className="font-medium">
        <span className="font-normal text-muted">Reads as:</span> {data.description}
      </p>
      {frequency === null ? null : (
        <Badge tone="outline" className="mt-1">
          {frequency}
        </Badge>
      )}
      {data.warnings.length > 0 ? (
        <Callout tone="warning" className="mt-3">
          <ul className="flex flex-col gap-1">
            {data.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      <h3 className="mt-4 mb-1 text-muted text-xs">
        {data.occurrences.length === 1 ? "Next run" : `Next ${data.occurrences.length} runs`}
      </h3>
      <OccurrenceList occurrences={data.occurrences} zone={zone} />
    </div>
  );
}
