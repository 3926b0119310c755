"use client";

import { Copy, Pause, Pencil, Play, Trash2, Zap } from "lucide-react";
import type { ReactElement } from "react";
import { IfMay, useMay } from "~/components/access/may";
import { Menu, MenuItem, MenuLinkItem, MenuSeparator } from "~/components/ui/menu";
import type { ScheduleListItem } from "~/server/domain/views";
import type { ScheduleVerb } from "./schedule-dialogs";

export interface RowActionsProps {
  row: ScheduleListItem;
  onVerb: (verb: ScheduleVerb, row: ScheduleListItem) => void;
}

export function RowMenu({ row, onVerb, trigger }: RowActionsProps & { trigger: ReactElement }) {
  const isActive = row.status === "active";
  const may = useMay();
  const href = `/schedules/${row.scheduleId}`;
  return (
    <Menu trigger={trigger}>
      <IfMay right="schedules:run">
        <MenuItem icon={<Zap aria-hidden />} onSelect={() => onVerb("run", row)}>
          Run now
        </MenuItem>
      </IfMay>
      {row.status === "completed" || !may("schedules:toggle") ? null : (
        <MenuItem
          icon={isActive ? <Pause aria-hidden /> : <Play aria-hidden />}
          onSelect={() => onVerb(isActive ? "pause" : "resume", row)}
        >
          {isActive ? "Pause…" : "Resume…"}
        </MenuItem>
      )}
      <IfMay right="schedules:edit">
        <MenuSeparator />
        <MenuLinkItem icon={<Pencil aria-hidden />} href={`${href}/edit`}>
          Edit
        </MenuLinkItem>
      </IfMay>
      <IfMay right="schedules:create">
        <MenuLinkItem icon={<Copy aria-hidden />} href={`${href}/duplicate`}>
          Duplicate
        </MenuLinkItem>
      </IfMay>
      <IfMay right="schedules:delete">
        <MenuSeparator />
        <MenuItem destructive icon={<Trash2 aria-hidden />} onSelect={() => onVerb("delete", row)}>
          Delete…
        </MenuItem>
      </IfMay>
    </Menu>
  );
}
