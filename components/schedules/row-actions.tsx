"use client";

import { Ellipsis, Pause, Play, Zap } from "lucide-react";
import { IconButton } from "~/components/ui/icon-button";
import { OnDemand } from "~/components/ui/on-demand";
import { part } from "~/components/ui/part";
import { displayName } from "./display-name";
import type { RowActionsProps } from "./row-menu";

const menu = part(() => import("./row-menu").then((module) => module.RowMenu));

/** Run now, Pause or Resume, and a menu with more actions. */
export function RowActions(props: RowActionsProps) {
  const { row, onVerb } = props;
  const title = displayName(row);
  const runs = row.status === "active";
  return (
    <div className="flex items-center justify-end">
      <IconButton size="sm" label={`Run ${title} now`} icon={<Zap aria-hidden />} onClick={() => onVerb("run", row)} />
      {row.status === "completed" ? (
        <span className="size-7" />
      ) : (
        <IconButton
          size="sm"
          label={`${runs ? "Pause" : "Resume"} ${title}`}
          icon={runs ? <Pause aria-hidden /> : <Play aria-hidden />}
          onClick={() => onVerb(runs ? "pause" : "resume", row)}
        />
      )}
      <OnDemand
        part={menu}
        kind="menu"
        trigger={<IconButton size="sm" tooltip={false} label={`More for ${title}`} icon={<Ellipsis aria-hidden />} />}
      >
        {(RowMenu, trigger) => <RowMenu {...props} trigger={trigger} />}
      </OnDemand>
    </div>
  );
}
