import { displayName } from "~/components/schedules/display-name";
import { Card } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";
import { DescriptionList } from "~/components/ui/description-list";
import { TextLink } from "~/components/ui/text-link";
import { Duration, Instant, Lateness } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionView } from "~/server/domain/views";
import { TRIGGER_LABELS } from "./labels";

function Copyable({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <code className="min-w-0 break-all font-mono text-xs">{value}</code>
      {/* The button is higher than a line of text, and must not move the text. */}
      <span className="-my-1 flex">
        <CopyButton value={value} label={`Copy ${label}`} />
      </span>
    </span>
  );
}

/** What the actor did. The actor of a run that a pause skipped is that of the pause, not of the resume. */
function actorTerm({ status, reason }: ExecutionView): string {
  if (status === "cancelled") return "Cancelled by";
  if (status !== "skipped") return "Triggered by";
  return reason === "paused" ? "Paused by" : "Skipped by";
}

/** `publishMs` is the duration of the last attempt, also of a failed one. */
const durationTerm = ({ status, attemptCount }: ExecutionView) =>
  status === "succeeded" || attemptCount === 0 ? "Publish duration" : "Last attempt took";

export function DetailsCard({ execution }: { execution: ExecutionView }) {
  const { scheduleId } = execution;
  return (
    <Card title="Details">
      <DescriptionList
        columns={2}
        items={[
          {
            term: "Schedule",
            value: <TextLink href={`/schedules/${scheduleId}`}>{displayName(execution)}</TextLink>,
          },
          { term: "Schedule version", value: execution.scheduleVersion },
          { term: "Scheduled for", value: <Instant value={execution.scheduledFor} precision="ms" /> },
          { term: "Fired at", value: <Instant value={execution.firedAt} precision="ms" /> },
          {
            term: "Lateness",
            value: <Lateness ms={execution.firedAt === null ? null : execution.latenessMs} late={execution.late} />,
          },
          { term: durationTerm(execution), value: <Duration ms={execution.publishMs} /> },
          { term: "Trigger", value: TRIGGER_LABELS[execution.trigger] },
          { term: actorTerm(execution), value: execution.actor ? shownActor(execution.actor) : null },
          { term: "Topic", value: <Copyable value={execution.topic} label="topic" /> },
          {
            term: "Partition and offset",
            value: execution.offset === null ? null : `${execution.partition ?? 0}, ${execution.offset}`,
          },
          { term: "Event", value: `${execution.entityType}.${execution.action}` },
          { term: "Entity id", value: execution.entityId },
          {
            term: "Actor in the event",
            value: (
              <span title="The event carries this actor to its consumers">
                {execution.actorType} / {execution.actorId}
              </span>
            ),
          },
          { term: "Event id (the execution id)", value: <Copyable value={execution.executionId} label="event id" /> },
          { term: "Correlation id", value: <Copyable value={execution.correlationId} label="correlation id" /> },
          { term: "Attempts", value: execution.attemptCount },
          { term: "Priority", value: execution.priority },
          { term: "Tier", value: execution.tier === "redis" ? "Redis" : "ClickHouse" },
          { term: "Worker", value: execution.workerId || null },
        ]}
      />
    </Card>
  );
}
