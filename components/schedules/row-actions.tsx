"use client";

import { Ellipsis, Pause, Play, Zap } from "lucide-react";
import { useMay } from "~/components/access/may";
import { IconButton } from "~/components/ui/icon-button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import { displayName } from "./display-name";
import type { RowActionsProps } from "./row-menu";

const menu = lazyComponent(() => import("./row-menu").then((module) => module.RowMenu));

/** Run now, Pause or Resume, and a menu with more actions. */
export function RowActions(props: RowActionsProps) {
  const { row, onVerb } = props;
  const title = displayName(row);
  const isActive = row.status === "active";
  const may = useMay();
  return (
    <div className="flex items-center justify-end">
      {may("schedules:run") ? (
        <IconButton
          size="sm"
          label={`Run ${title} now`}
          icon={<Zap aria-hidden />}
          onClick={() => onVerb("run", row)}
        />
      ) : null}
      {row.status === "completed" || !may("schedules:toggle") ? (
        // Keeps the buttons of all rows aligned.
        <span className="size-7" />
      ) : (
        <IconButton
          size="sm"
          label={`${isActive ? "Pause" : "Resume"} ${title}`}
          icon={isActive ? <Pause aria-hidden /> : <Play aria-hidden />}
          onClick={() => onVerb(isActive ? "pause" : "resume", row)}
        />
      )}
      <OnDemand
        component={menu}
        kind="menu"
        trigger={<IconButton size="sm" tooltip={false} label={`More for ${title}`} icon={<Ellipsis aria-hidden />} />}
      >
        {(RowMenu, trigger) => <RowMenu {...props} trigger={trigger} />}
      </OnDemand>
    </div>
  );
}
