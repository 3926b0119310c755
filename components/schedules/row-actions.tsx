"use client";

import { Copy, Ellipsis, Pause, Pencil, Play, Trash2, Zap } from "lucide-react";
import { IconButton } from "~/components/ui/icon-button";
import { Menu, MenuItem, MenuLinkItem, MenuSeparator } from "~/components/ui/menu";
import type { ScheduleRow } from "~/server/domain/views";
import type { ScheduleVerb } from "./schedule-dialogs";
import { scheduleTitle } from "./schedule-name";

/** Run now, Pause or Resume, and the rest in a menu. */
export function RowActions({
  row,
  onVerb,
  onMenuOpenChange,
}: {
  row: ScheduleRow;
  onVerb: (verb: ScheduleVerb, row: ScheduleRow) => void;
  onMenuOpenChange: (open: boolean) => void;
}) {
  const title = scheduleTitle(row);
  const runs = row.status === "active";
  const href = `/schedules/${row.scheduleId}`;
  return (
    <div className="flex items-center justify-end">
      <IconButton
        size="sm"
        label={`Run ${title} now`}
        icon={<Zap aria-hidden />}
        onClick={() => onVerb("run", row)}
        className="max-sm:hidden"
      />
      {row.status === "completed" ? (
        <span className="size-7 max-sm:hidden" />
      ) : (
        <IconButton
          size="sm"
          label={`${runs ? "Pause" : "Resume"} ${title}`}
          icon={runs ? <Pause aria-hidden /> : <Play aria-hidden />}
          onClick={() => onVerb(runs ? "pause" : "resume", row)}
          className="max-sm:hidden"
        />
      )}
      <Menu
        onOpenChange={onMenuOpenChange}
        trigger={<IconButton size="sm" tooltip={false} label={`More for ${title}`} icon={<Ellipsis aria-hidden />} />}
      >
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
    </div>
  );
}
