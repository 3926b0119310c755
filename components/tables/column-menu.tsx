"use client";

import { Columns3 } from "lucide-react";
import { Button } from "~/components/ui/button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { ColumnSettings } from "./use-columns";

const popover = lazyComponent(() => import("./column-popover").then((module) => module.ColumnPopover));

/** Shows, hides and moves the columns of a list. */
export function ColumnMenu({ settings }: { settings: ColumnSettings }) {
  return (
    <OnDemand component={popover} kind="dialog" trigger={<Button icon={<Columns3 aria-hidden />}>Columns</Button>}>
      {(ColumnPopover, trigger) => <ColumnPopover settings={settings} trigger={trigger} />}
    </OnDemand>
  );
}
