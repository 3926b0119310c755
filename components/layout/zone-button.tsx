"use client";

import { Globe } from "lucide-react";
import { Button } from "~/components/ui/button";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import { ZoneLabel } from "~/components/ui/time";

const popover = lazyComponent(() => import("./zone-popover").then((module) => module.ZonePopover));

/** Shows the display zone and opens its settings. */
export function ZoneButton() {
  return (
    <OnDemand
      component={popover}
      kind="dialog"
      trigger={
        <Button variant="ghost" icon={<Globe aria-hidden />} className="font-normal max-sm:px-2">
          <span className="sr-only">Display time zone: </span>
          <ZoneLabel className="truncate max-sm:sr-only" />
          <span aria-hidden className="sm:hidden">
            <ZoneLabel short />
          </span>
        </Button>
      }
    >
      {(ZonePopover, trigger) => <ZonePopover trigger={trigger} />}
    </OnDemand>
  );
}
