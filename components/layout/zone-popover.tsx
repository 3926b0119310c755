"use client";

import type { ReactElement } from "react";
import { Field } from "~/components/ui/field";
import { Popover } from "~/components/ui/popover";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { ZoneCombobox } from "~/components/ui/zone-combobox";
import { usePreferences } from "./preferences-provider";

/** Changes the display zone and the clock format. */
export function ZonePopover({ trigger }: { trigger: ReactElement }) {
  const { zone, hour12, set } = usePreferences();
  return (
    <Popover title="Display time zone" align="end" className="w-80" trigger={trigger}>
      <div className="flex flex-col gap-3">
        <Field label="Time zone" description="For this browser only. Does not change the time zone of schedules.">
          <ZoneCombobox value={zone} onValueChange={(next) => set("zone", next)} />
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
