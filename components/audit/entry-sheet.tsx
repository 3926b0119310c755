"use client";

import { useMay } from "~/components/access/may";
import { ChangeList } from "~/components/forms/change-list";
import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { ScheduleLink, useScheduleNames } from "~/components/schedules/schedule-names";
import { useTRPCClient } from "~/components/trpc/client";
import { DescriptionList } from "~/components/ui/description-list";
import { formatCount, formatCounted, NO_VALUE } from "~/components/ui/format";
import { Sheet } from "~/components/ui/sheet";
import { TextLink } from "~/components/ui/text-link";
import { Instant, useDisplayZone } from "~/components/ui/time";
import type { AuditRow } from "./audit-row";
import { fieldDiffs, timeInWords } from "./field-diff";
import { actionLabel, actorName, originOf } from "./labels";
import { RevertButton } from "./revert-button";
import { TargetLink } from "./target-link";

/** An audit entry with its changed fields. Closed while `entry` is null. */
export function EntrySheet({ entry, onClose }: { entry: AuditRow | null; onClose: () => void }) {
  return (
    <Sheet
      open={entry !== null}
      onOpenChange={(open) => !open && onClose()}
      title={entry ? actionLabel(entry) : ""}
      width={44}
    >
      {entry ? <EntryDetails entry={entry} /> : null}
    </Sheet>
  );
}

function EntryDetails({ entry }: { entry: AuditRow }) {
  const may = useMay();
  const { zone } = useDisplayZone();
  const client = useTRPCClient();
  const revealed = useReveal(async () => {
    const from = Date.parse(entry.at);
    const range = { from: new Date(from).toISOString(), to: new Date(from + 1).toISOString() };
    const { items } = await client.audit.list.query({ ...range, target: entry.target, limit: 500, reveal: true });
    return items.find(({ entryId }) => entryId === entry.entryId) ?? entry;
  });
  const origin = originOf(entry);
  const mono = (text: string) => <code className="break-all font-mono text-xs">{text}</code>;
  return (
    <div className="flex flex-col gap-5">
      <DescriptionList
        columns={2}
        items={[
          { term: "When", value: <Instant value={entry.at} precision="ms" showZone /> },
          ...(zone === "UTC" ? [] : [{ term: "UTC", value: mono(entry.at) }]),
          { term: "Actor", value: actorName(entry) },
          ...(entry.onBehalfOf === null ? [] : [{ term: "On behalf of", value: entry.onBehalfOf }]),
          ...(entry.actorId === "" ? [] : [{ term: "Actor id", value: mono(entry.actorId) }]),
          ...(origin === null ? [] : [{ term: "Origin", value: origin }]),
          { term: "Target", value: <TargetLink entry={entry} /> },
          { term: "Result", value: <span className="inline-block first-letter:uppercase">{entry.result}</span> },
          ...(entry.errorCode === null ? [] : [{ term: "Error code", value: mono(entry.errorCode) }]),
          ...(entry.call === null ? [] : [{ term: "Call", value: mono(entry.call) }]),
          ...(entry.count > 1 ? [{ term: "Count", value: formatCount(entry.count) }] : []),
          ...(entry.note === null ? [] : [{ term: "Note", value: entry.note }]),
          ...(entry.job === null
            ? []
            : [{ term: "Bulk job", value: <TextLink href={`/bulk/${entry.job}`}>Show job</TextLink> }]),
          ...(entry.requestId === null ? [] : [{ term: "Request id", value: mono(entry.requestId) }]),
          { term: "Entry id", value: mono(entry.entryId) },
        ]}
      />
      {entry.verb === "audit.checkpoint" ? (
        <p className="text-muted text-sm">
          Verify chain begins its check of a chain at the newest checkpoint: the start of the chain, or the last entry
          that was deleted because of its age.
        </p>
      ) : null}
      {may("audit:read") ? <MaskedNote masked={entry.masked} revealed={revealed} /> : null}
      <Changes entry={revealed.data ?? entry} />
      <RevertButton entry={entry} />
      {entry.targetCount > 0 && entry.verb.startsWith("schedule.") ? <Schedules entry={entry} /> : null}
    </div>
  );
}

/** The changed fields, with a dash where a value is missing. */
export function Changes({ entry }: { entry: Pick<AuditRow, "before" | "after"> }) {
  const display = useDisplayZone();
  const diffs = fieldDiffs(entry.before, entry.after);
  if (diffs.length === 0) return null;
  const shown = (text: string | null) => (text === null ? NO_VALUE : timeInWords(text, display));
  return (
    <ChangeList
      changes={diffs.map(({ before, after, ...rest }) => ({ ...rest, before: shown(before), after: shown(after) }))}
    />
  );
}

function Schedules({ entry }: { entry: AuditRow }) {
  const names = useScheduleNames(entry.targets);
  const more = entry.targetCount - entry.targets.length;
  return (
    <section>
      <h3 className="mb-1 font-medium text-sm">Schedules</h3>
      <ul className="flex flex-col gap-1">
        {entry.targets.map((id) => (
          <li key={id}>
            <ScheduleLink scheduleId={id} name={names.get(id)} />
          </li>
        ))}
        {more > 0 ? <li className="text-muted text-xs">and {formatCounted(more, "more schedule")}</li> : null}
      </ul>
    </section>
  );
}
