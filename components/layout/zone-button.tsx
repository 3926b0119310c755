"use client";

import { Globe } from "lucide-react";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Popover } from "~/components/ui/popover";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { ZoneLabel } from "~/components/ui/time";
import { ZonePicker } from "~/components/ui/zone-picker";
import { usePreferences } from "./preferences-provider";

/** The display zone, always in sight, and the place to change it. */
export function ZoneButton() {
  const { zone, hour12, set } = usePreferences();
  return (
    <Popover
      title="Times are shown in"
      align="end"
      className="w-80"
      trigger={
        <Button variant="ghost" icon={<Globe aria-hidden />} className="font-normal max-sm:px-2">
          <span className="sr-only">Display zone: </span>
          <ZoneLabel className="truncate max-sm:sr-only" />
          <span aria-hidden className="sm:hidden">
            <ZoneLabel short />
          </span>
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Zone" description="For you alone. Each schedule keeps its own zone.">
          <ZonePicker value={zone} onValueChange={(next) => set("zone", next)} />
        </Field>
        <SegmentedControl
          label="Clock"
          value={hour12 ? "12" : "24"}
          onValueChange={(next) => set("hour12", next === "12")}
          options={[
            { value: "24", label: "24 hours" },
            { value: "12", label: "12 hours" },
          ]}
          className="self-start"
        />
      </div>
    </Popover>
  );
}
