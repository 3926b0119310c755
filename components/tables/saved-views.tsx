"use client";

import { Bookmark } from "lucide-react";
import { Button } from "~/components/ui/button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { ListName } from "~/server/domain/saved-view";

const popover = lazyComponent(() => import("./saved-views-popover").then((module) => module.SavedViewsPopover));

/** The saved views of a list, and a form that saves its current filter, sort and time range as a view. */
export function SavedViews({ list }: { list: ListName }) {
  return (
    <OnDemand component={popover} kind="dialog" trigger={<Button icon={<Bookmark aria-hidden />}>Views</Button>}>
      {(SavedViewsPopover, trigger) => <SavedViewsPopover list={list} trigger={trigger} />}
    </OnDemand>
  );
}
