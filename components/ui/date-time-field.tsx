"use client";

import { useState } from "react";
import { Callout } from "./callout";
import { Field } from "./field";
import { formatInstant, formatZone } from "./format";
import { Input } from "./input";
import { RadioGroup } from "./radio-group";
import { useDisplayZone } from "./time";
import { resolveWall, wallOf } from "./wall-clock";

interface DateTimeFieldProps {
  label: string;
  description?: string;
  error?: string;
  required?: boolean;
  /** ISO 8601 UTC; null if empty, or while a gap or overlap is not resolved. */
  value: string | null;
  onChange: (instant: string | null) => void;
  /** The time zone of the input. */
  zone: string;
  className?: string;
}

/**
 * A date and time in `zone`. For a local time that does not exist or occurs twice the user must choose an instant. The
 * typed text stays when the zone changes; the caller then passes the new instant.
 */
export function DateTimeField({
  label,
  description,
  error,
  required,
  value,
  onChange,
  zone,
  className,
}: DateTimeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const wall = draft ?? (value ? wallOf(value, zone) : "");
  const resolution = wall === "" ? null : resolveWall(wall, zone);
  const choice = resolution?.kind === "gap" || resolution?.kind === "overlap" ? resolution : null;

  const write = (text: string) => {
    setDraft(text);
    const next = text === "" ? null : resolveWall(text, zone);
    onChange(next?.kind === "exact" ? next.instant : null);
  };
  return (
    <div className={className}>
      <Field
        label={label}
        description={description}
        error={error}
        required={required}
        aside={zone.replaceAll("_", " ")}
      >
        <Input type="datetime-local" step={1} value={wall} onChange={(event) => write(event.target.value)} />
      </Field>
      {choice ? (
        <Callout
          tone="warning"
          live
          className="mt-2"
          title={
            choice.kind === "gap"
              ? "Daylight saving: this time does not exist"
              : "Daylight saving: this time occurs twice"
          }
        >
          <RadioGroup
            aria-label="Choose a time"
            className="mt-1.5"
            value={value === choice.earlier ? "earlier" : value === choice.later ? "later" : null}
            onValueChange={(which) => onChange(choice[which])}
            options={(["earlier", "later"] as const).map((which) => ({
              value: which,
              label: <InZone instant={choice[which]} zone={zone} />,
            }))}
          />
        </Callout>
      ) : null}
    </div>
  );
}

function InZone({ instant, zone }: { instant: string; zone: string }) {
  const { hour12 } = useDisplayZone();
  const ms = Date.parse(instant);
  return (
    <>
      {formatInstant(ms, { zone, hour12 })} <span className="font-normal text-muted">{formatZone(ms, zone)}</span>
    </>
  );
}
