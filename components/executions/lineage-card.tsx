import { Card } from "~/components/ui/card";
import { OutcomeBadge } from "~/components/ui/outcome-badge";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionView } from "~/server/domain/views";

/** The original execution and all its replays, oldest first. */
export function LineageCard({ execution }: { execution: ExecutionView }) {
  if (execution.lineage.length === 0) return null;
  return (
    <Card title="Original and replays">
      <ol className="flex flex-col divide-y">
        {execution.lineage[0]?.number === 0 ? null : (
          <li className="py-2 text-muted text-sm first:pt-0">The original is no longer in the history.</li>
        )}
        {execution.lineage.map((one) => {
          const name = one.number === 0 ? "Original" : `Replay ${one.number}`;
          return (
            <li
              key={one.executionId}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm first:pt-0 last:pb-0"
            >
              {one.executionId === execution.executionId ? (
                <span aria-current="true" className="font-medium">
                  {name} (this one)
                </span>
              ) : (
                <TextLink href={`/executions/${one.executionId}`}>{name}</TextLink>
              )}
              <OutcomeBadge outcome={one.status} late={one.late} />
              {one.isEdited ? <span className="text-muted text-xs">Edited content</span> : null}
              {one.actor && one.number > 0 ? (
                <span className="text-muted text-xs">by {shownActor(one.actor)}</span>
              ) : null}
              {one.endedAt ? <Instant value={one.endedAt} className="ml-auto text-muted text-xs" /> : null}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
