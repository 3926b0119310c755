"use client";

import { Copy, Pause, Pencil, Play, Trash2, Zap } from "lucide-react";
import type { ReactElement } from "react";
import { Menu, MenuItem, MenuLinkItem, MenuSeparator } from "~/components/ui/menu";
import type { ScheduleListItem } from "~/server/domain/views";
import type { ScheduleVerb } from "./schedule-dialogs";

export interface RowActionsProps {
  row: ScheduleListItem;
  onVerb: (verb: ScheduleVerb, row: ScheduleListItem) => void;
  onMenuOpenChange: (open: boolean) => void;
}

/** The actions menu of a row, opened by `trigger`. */
export function RowMenu({ row, onVerb, onMenuOpenChange, trigger }: RowActionsProps & { trigger: ReactElement }) {
  const runs = row.status === "active";
  const href = `/schedules/${row.scheduleId}`;
  return (
    <Menu onOpenChange={onMenuOpenChange} trigger={trigger}>
      <MenuItem icon={<Zap aria-hidden />} onSelect={() => onVerb("run", row)}>
        Run now
      </MenuItem>
      {row.status === "completed" ? null : (
        <MenuItem
          icon={runs ? <Pause aria-hidden /> : <Play aria-hidden />}
          onSelect={() => onVerb(runs ? "pause" : "resume", row)}
        >
          {runs ? "Pause…" : "Resume…"}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuLinkItem icon={<Pencil aria-hidden />} href={`${href}/edit`}>
        Edit
      </MenuLinkItem>
      <MenuLinkItem icon={<Copy aria-hidden />} href={`${href}/duplicate`}>
        Duplicate
      </MenuLinkItem>
      <MenuSeparator />
      <MenuItem destructive icon={<Trash2 aria-hidden />} onSelect={() => onVerb("delete", row)}>
        Delete…
      </MenuItem>
    </Menu>
  );
}
