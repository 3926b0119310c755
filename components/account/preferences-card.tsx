"use client";

import { usePreferences } from "~/components/layout/preferences-provider";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { Switch } from "~/components/ui/switch";
import { ZonePicker } from "~/components/ui/zone-picker";

/** Preferences, stored in cookies of this browser. */
export function PreferencesCard() {
  const { theme, density, zone, hour12, shortcuts, set } = usePreferences();
  return (
    <Card title="Preferences" description="Stored in this browser">
      <div className="flex max-w-sm flex-col gap-4">
        <Field label="Display time zone" description="Does not change the time zone of schedules.">
          <ZonePicker value={zone} onValueChange={(next) => set("zone", next)} />
        </Field>
        <Choice
          label="Clock"
          value={hour12 ? "12" : "24"}
          onChange={(next) => set("hour12", next === "12")}
          options={[
            { value: "24", label: "24 hours" },
            { value: "12", label: "12 hours" },
          ]}
        />
        <Choice
          label="Theme"
          value={theme}
          onChange={(next) => set("theme", next)}
          options={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "system", label: "System" },
          ]}
        />
        <Choice
          label="Row height"
          value={density}
          onChange={(next) => set("density", next)}
          options={[
            { value: "comfortable", label: "Comfortable" },
            { value: "compact", label: "Compact" },
          ]}
        />
        <Field layout="control" label="Keyboard shortcuts" description="Press ? to see them.">
          <Switch checked={shortcuts} onCheckedChange={(checked) => set("shortcuts", checked)} />
        </Field>
      </div>
    </Card>
  );
}

function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string }[];
}) {
  return (
    <div className="flex flex-col gap-1.5">
      <span aria-hidden className="font-medium text-sm">
        {props.label}
      </span>
      <SegmentedControl
        label={props.label}
        value={props.value}
        onValueChange={props.onChange}
        options={props.options}
        className="self-start"
      />
    </div>
  );
}
