"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, Undo2 } from "lucide-react";
import { IfMay } from "~/components/access/may";
import { fieldLabel } from "~/components/audit/field-diff";
import { ChangeList } from "~/components/forms/change-list";
import { FIELD_LABELS } from "~/components/forms/field-labels";
import { changesOf } from "~/components/forms/form-changes";
import type { ScheduleFormValues } from "~/components/forms/schedule-form-model";
import { formValuesOf } from "~/components/forms/schedule-form-values";
import { TimeSummary } from "~/components/forms/time-summary";
import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { LoadError } from "~/components/queries/load-error";
import { ScheduleDetailsList } from "~/components/schedules/schedule-details-list";
import { type RouterOutputs, useTRPC, useTRPCClient } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { SkeletonLines } from "~/components/ui/skeleton";
import { Instant, Relative, useDisplayZone } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";

import type { PauseVersion } from "./pause-versions";

type Version = RouterOutputs["schedules"]["versions"]["items"][number];

/** One version of a schedule, which can be expanded to its changes from the version before. */
export function VersionItem({
  scheduleId,
  item,
  pauses,
  open,
  onToggle,
  onRestore,
}: {
  scheduleId: string;
  item: Version;
  /** The pauses and resumes that raised the version; empty if they are not known. */
  pauses: readonly PauseVersion[];
  open: boolean;
  onToggle: (open: boolean) => void;
  onRestore: () => void;
}) {
  const { version, firstVersion, isCurrent } = item;
  const title = firstVersion === version ? `Version ${version}` : `Versions ${firstVersion} to ${version}`;
  const panelId = `version-${version}`;
  return (
    <li className="rounded-lg border bg-surface shadow-card">
      <div className="flex flex-wrap items-start justify-between gap-3 p-4">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold text-base">
            {title}
            {isCurrent ? <Badge tone="success">Current</Badge> : null}
          </h2>
          <p className="text-muted text-sm">
            {item.actor === null
              ? "Author unknown"
              : `${firstVersion === 1 ? "Created" : "Edited"} by ${shownActor(item.actor)}`}
            {item.at === null ? null : (
              <>
                {" "}
                <Relative value={item.at} />{" "}
                <span className="whitespace-nowrap">
                  (<Instant value={item.at} showZone />)
                </span>
              </>
            )}
          </p>
          {firstVersion === version || item.actor === null ? null : pauses.length === 0 ? (
            <p className="text-muted text-sm">{pausesText(item)}</p>
          ) : (
            <ul className="text-muted text-sm">
              {pauses.map((one) => (
                <li key={one.entryId}>
                  Version {one.version}: {one.verb === "schedule.pause" ? "paused" : "resumed"} by{" "}
                  {shownActor(one.actor)} <Relative value={one.at} />{" "}
                  <span className="whitespace-nowrap">
                    (<Instant value={one.at} showZone />)
                  </span>
                  {one.note === null ? null : `: ${one.note}`}
                </li>
              ))}
            </ul>
          )}
          {item.note === null ? null : <p className="mt-1 text-sm">{item.note}</p>}
          {item.changed.length === 0 ? null : (
            <p className="mt-1.5 flex flex-wrap gap-1">
              {item.changed.map((field) => (
                <Badge key={field}>{labelOf(field)}</Badge>
              ))}
            </p>
          )}
        </div>
        <div className="flex shrink-0 gap-2">
          <Button
            aria-expanded={open}
            aria-controls={panelId}
            onClick={() => onToggle(!open)}
            icon={open ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
          >
            {firstVersion === 1 ? "Show definition" : "Show changes"}
          </Button>
          {isCurrent ? null : (
            <IfMay right="schedules:edit">
              <Button icon={<Undo2 aria-hidden />} onClick={onRestore}>
                Restore…
              </Button>
            </IfMay>
          )}
        </div>
      </div>
      {open ? (
        <div id={panelId} className="border-t p-4">
          <VersionChanges scheduleId={scheduleId} version={version} />
        </div>
      ) : null}
    </li>
  );
}

/** Why a definition has several versions. */
function pausesText({ firstVersion, version }: Version): string {
  if (firstVersion + 1 === version) {
    return `Version ${version} is a pause or a resume, which does not change the definition.`;
  }
  const count =
    version - firstVersion === 2 ? `${firstVersion + 1} and ${version}` : `${firstVersion + 1} to ${version}`;
  return `Versions ${count} are pauses or resumes, which do not change the definition.`;
}

function VersionChanges({ scheduleId, version }: { scheduleId: string; version: number }) {
  const trpc = useTRPC();
  const display = useDisplayZone();
  const client = useTRPCClient();
  const revealed = useReveal(() => client.schedules.version.query({ scheduleId, version, reveal: true }));
  const query = useQuery(trpc.schedules.version.queryOptions({ scheduleId, version }));
  if (query.isPending) return <SkeletonLines lines={4} />;
  if (query.error) {
    return <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  }
  const masked = [...new Set([...query.data.schedule.masked, ...(query.data.before?.masked ?? [])])];
  const { schedule, before } = revealed.data ?? query.data;
  if (before === null) return <ScheduleDetailsList schedule={schedule} onlyDefinition />;
  const [valuesBefore, valuesAfter] = [formValuesOf(before), formValuesOf(schedule)];
  const changes = changesOf(valuesBefore, valuesAfter, display);
  return (
    <div className="flex flex-col gap-4">
      <MaskedNote masked={masked} revealed={revealed} />
      <TimeSummary before={valuesBefore} after={valuesAfter} />
      {changes.length > 0 ? (
        <ChangeList changes={changes} />
      ) : (
        <p className="text-muted text-sm">No field of the form differs from the version before.</p>
      )}
    </div>
  );
}

/** Fields of the definition that have another name in the form. */
const FORM_FIELDS: Readonly<Record<string, keyof ScheduleFormValues>> = { payload: "body", catchUp: "catchUpPolicy" };

function labelOf(field: string): string {
  const known = FORM_FIELDS[field] ?? field;
  return FIELD_LABELS[known as keyof ScheduleFormValues] ?? fieldLabel(field);
}
