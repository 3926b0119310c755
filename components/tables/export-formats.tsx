"use client";

import type { ReactElement } from "react";
import { Menu, MenuDownloadItem } from "~/components/ui/menu";
import { useDisplayZone } from "~/components/ui/time";
import { exportHref } from "./export-href";

export interface ExportMenuProps {
  path: string;
  filter: object;
  /** The list is empty. */
  disabled?: boolean;
}

export function ExportFormats({
  path,
  filter,
  trigger,
}: Omit<ExportMenuProps, "disabled"> & { trigger: ReactElement }) {
  const { zone } = useDisplayZone();
  return (
    <Menu trigger={trigger}>
      <MenuDownloadItem href={exportHref(path, { filter, zone, format: "csv" })}>
        CSV, for spreadsheets
      </MenuDownloadItem>
      <MenuDownloadItem href={exportHref(path, { filter, zone, format: "ndjson" })}>
        NDJSON, one object per line
      </MenuDownloadItem>
    </Menu>
  );
}
