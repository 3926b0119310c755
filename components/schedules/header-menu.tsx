"use client";

import { Copy, Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import { IfMay } from "~/components/access/may";
import { Menu, MenuItem, MenuLinkItem, MenuSeparator } from "~/components/ui/menu";

/** The actions menu of a schedule's page, opened by `trigger`. `href` is the page's path. */
export function HeaderMenu({ href, onDelete, trigger }: { href: string; onDelete: () => void; trigger: ReactElement }) {
  return (
    <Menu trigger={trigger}>
      <IfMay right="schedules:create">
        <MenuLinkItem icon={<Copy aria-hidden />} href={`${href}/duplicate`}>
          Duplicate
        </MenuLinkItem>
      </IfMay>
      <IfMay right="schedules:delete">
        <MenuSeparator />
        <MenuItem destructive icon={<Trash2 aria-hidden />} onSelect={onDelete}>
          Delete…
        </MenuItem>
      </IfMay>
    </Menu>
  );
}
