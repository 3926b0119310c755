"use client";

import { Download } from "lucide-react";
import { Button } from "~/components/ui/button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { ExportMenuProps } from "./export-formats";

const formats = lazyComponent(() => import("./export-formats").then((module) => module.ExportFormats));

/** A menu that downloads the rows that match the list's filter, in the list's order, up to the limit of an export. */
export function ExportMenu({ disabled, ...props }: ExportMenuProps) {
  if (disabled) {
    return (
      <Button icon={<Download aria-hidden />} disabled>
        Export
      </Button>
    );
  }
  return (
    <OnDemand component={formats} kind="menu" trigger={<Button icon={<Download aria-hidden />}>Export</Button>}>
      {(ExportFormats, trigger) => <ExportFormats {...props} trigger={trigger} />}
    </OnDemand>
  );
}
