"use client";

import { Ellipsis, OctagonX, Pause, Pencil, Play, Zap } from "lucide-react";
import { IfMay, useMay } from "~/components/access/may";
import { Badge } from "~/components/ui/badge";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button, ButtonLink } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";
import { IconButton } from "~/components/ui/icon-button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import { StatusBadge, TierBadge } from "~/components/ui/outcome-badge";
import { PageHeader } from "~/components/ui/page-header";
import { CodeBadge } from "./code-badge";
import { displayName } from "./display-name";
import type { ScheduleVerb } from "./schedule-dialogs";
import type { ShownSchedule } from "./shown-schedule";

const menu = lazyComponent(() => import("./header-menu").then((module) => module.HeaderMenu));

/** The header of a schedule's page: name, status, actions. */
export function ScheduleHeader({
  schedule,
  onVerb,
}: {
  schedule: ShownSchedule;
  onVerb: (verb: ScheduleVerb) => void;
}) {
  const title = displayName(schedule);
  const href = `/schedules/${schedule.scheduleId}`;
  const isActive = schedule.status === "active";
  const may = useMay();
  return (
    <PageHeader
      breadcrumb={<Breadcrumb items={[{ label: "Schedules", href: "/schedules" }, { label: title }]} />}
      title={title}
      badges={
        <>
          <StatusBadge status={schedule.status} />
          {schedule.lastStatus === "dead" || schedule.lastStatus === "expired" ? (
            <Badge tone="danger" icon={<OctagonX aria-hidden />}>
              Failing
            </Badge>
          ) : null}
          <TierBadge tier={schedule.tier} />
          <CodeBadge managedBy={schedule.managedBy} />
        </>
      }
      description={
        <>
          {schedule.description ? <p className="max-w-prose whitespace-pre-line">{schedule.description}</p> : null}
          {schedule.tags.length > 0 ? (
            <p className="mt-1 flex flex-wrap gap-1">
              {schedule.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </p>
          ) : null}
          <p className="mt-1 flex items-center gap-1">
            <code className="break-all font-mono text-subtle text-xs">{schedule.scheduleId}</code>
            <CopyButton value={schedule.scheduleId} label="Copy schedule id" />
          </p>
        </>
      }
      actions={
        <>
          <IfMay right="schedules:run">
            <Button icon={<Zap aria-hidden />} onClick={() => onVerb("run")}>
              Run now
            </Button>
          </IfMay>
          {schedule.status === "completed" || !may("schedules:toggle") ? null : (
            <Button
              icon={isActive ? <Pause aria-hidden /> : <Play aria-hidden />}
              onClick={() => onVerb(isActive ? "pause" : "resume")}
            >
              {isActive ? "Pause" : "Resume"}
            </Button>
          )}
          <IfMay right="schedules:edit">
            <ButtonLink href={`${href}/edit`} icon={<Pencil aria-hidden />}>
              Edit
            </ButtonLink>
          </IfMay>
          {may("schedules:create") || may("schedules:delete") ? (
            <OnDemand
              component={menu}
              kind="menu"
              trigger={
                <IconButton tooltip={false} variant="secondary" label="More actions" icon={<Ellipsis aria-hidden />} />
              }
            >
              {(HeaderMenu, trigger) => <HeaderMenu href={href} onDelete={() => onVerb("delete")} trigger={trigger} />}
            </OnDemand>
          ) : null}
        </>
      }
    />
  );
}
