"use client";

import { Copy, Ellipsis, Pause, Pencil, Play, Trash2, Zap } from "lucide-react";
import { Badge } from "~/components/ui/badge";
import { Breadcrumb } from "~/components/ui/breadcrumb";
import { Button, ButtonLink } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";
import { IconButton } from "~/components/ui/icon-button";
import { Menu, MenuItem, MenuLinkItem, MenuSeparator } from "~/components/ui/menu";
import { StatusBadge, TierBadge } from "~/components/ui/outcome-badge";
import { PageHeader } from "~/components/ui/page-header";
import { displayName } from "./display-name";
import type { ScheduleVerb } from "./schedule-dialogs";
import type { ShownSchedule } from "./shown-schedule";

/** The header of a schedule's page: name, status, actions. */
export function ScheduleHeader({
  schedule,
  onVerb,
  onMenuOpenChange,
}: {
  schedule: ShownSchedule;
  onVerb: (verb: ScheduleVerb) => void;
  onMenuOpenChange: (open: boolean) => void;
}) {
  const title = displayName(schedule);
  const href = `/schedules/${schedule.scheduleId}`;
  const runs = schedule.status === "active";
  return (
    <PageHeader
      breadcrumb={<Breadcrumb items={[{ label: "Schedules", href: "/schedules" }, { label: title }]} />}
      title={title}
      badges={
        <>
          <StatusBadge status={schedule.status} />
          <TierBadge tier={schedule.tier} />
        </>
      }
      description={
        <>
          {schedule.description ? <p className="max-w-prose whitespace-pre-line">{schedule.description}</p> : null}
          <p className="mt-1 flex flex-wrap items-center gap-1">
            {schedule.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
            <code className="break-all font-mono text-subtle text-xs">{schedule.scheduleId}</code>
            <CopyButton value={schedule.scheduleId} label="Copy schedule id" />
          </p>
        </>
      }
      actions={
        <>
          <Button icon={<Zap aria-hidden />} onClick={() => onVerb("run")}>
            Run now
          </Button>
          {schedule.status === "completed" ? null : (
            <Button
              icon={runs ? <Pause aria-hidden /> : <Play aria-hidden />}
              onClick={() => onVerb(runs ? "pause" : "resume")}
            >
              {runs ? "Pause" : "Resume"}
            </Button>
          )}
          <ButtonLink href={`${href}/edit`} icon={<Pencil aria-hidden />}>
            Edit
          </ButtonLink>
          <Menu
            onOpenChange={onMenuOpenChange}
            trigger={
              <IconButton tooltip={false} variant="secondary" label="More actions" icon={<Ellipsis aria-hidden />} />
            }
          >
            <MenuLinkItem icon={<Copy aria-hidden />} href={`${href}/duplicate`}>
              Duplicate
            </MenuLinkItem>
            <MenuSeparator />
            <MenuItem destructive icon={<Trash2 aria-hidden />} onSelect={() => onVerb("delete")}>
              Delete…
            </MenuItem>
          </Menu>
        </>
      }
    />
  );
}
