"use client";

import { useState } from "react";
import { Callout } from "./callout";
import { Field } from "./field";
import { formatInstant, formatZone } from "./format";
import { RadioGroup } from "./radio-group";
import { useDisplayZone } from "./time";
import { INCOMPLETE_TIME, instantOfWall, resolveWall, wallOf } from "./wall-clock";
import { WallInput } from "./wall-input";
import { readWall, WALL_FORMAT, wallText } from "./wall-text";

interface DateTimeFieldProps {
  label: string;
  description?: string;
  error?: string;
  required?: boolean;
  /** ISO 8601 UTC, or `INCOMPLETE_TIME`; null if empty, and while an incomplete time is typed. */
  value: string | null;
  onChange: (instant: string | null) => void;
  zone: string;
  className?: string;
}

/**
 * A date and time in `zone`. A local time that does not exist or occurs twice is resolved by RFC 5545, and the user may
 * choose the other instant.
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
  // The typed text, while it matches the value. A reset, a restored draft or a change of the zone replaces it.
  const [typed, setTyped] = useState<{ text: string; instant: string | null } | null>(null);
  const text = typed !== null && typed.instant === value ? typed.text : shownText(value, zone);
  const wall = readWall(text);
  const resolution = wall === null ? null : resolveWall(wall, zone);
  const ambiguous = resolution?.kind === "gap" || resolution?.kind === "overlap" ? resolution : null;

  const write = (next: string, instant: string | null) => {
    setTyped({ text: next, instant });
    onChange(instant);
  };
  const type = (next: string) => {
    const read = readWall(next);
    write(next, read === null ? null : instantOfWall(read, zone));
  };
  return (
    <div className={className}>
      <Field
        label={label}
        description={description}
        error={
          value === INCOMPLETE_TIME
            ? `Enter the date and the time as ${WALL_FORMAT}.`
            : resolution?.kind === "invalid"
              ? "The time zone is unknown, so the time cannot be computed."
              : error
        }
        required={required}
        aside={zone.replaceAll("_", " ")}
      >
        <WallInput
          hasSeconds
          text={text}
          onTextChange={type}
          onBlur={() => wall === null && text.trim() !== "" && write(text, INCOMPLETE_TIME)}
        />
      </Field>
      {ambiguous ? (
        <Callout
          tone="info"
          live
          className="mt-2"
          title={
            ambiguous.kind === "gap"
              ? "Daylight saving: this time does not exist"
              : "Daylight saving: this time occurs twice"
          }
        >
          <RadioGroup
            aria-label="Which time is meant"
            className="mt-1.5"
            value={value === ambiguous.earlier ? "earlier" : "later"}
            onValueChange={(which) => write(text, ambiguous[which])}
            options={(["earlier", "later"] as const).map((which) => ({
              value: which,
              label: <InZone instant={ambiguous[which]} zone={zone} />,
            }))}
          />
        </Callout>
      ) : null}
    </div>
  );
}

function shownText(value: string | null, zone: string): string {
  return value === null || Number.isNaN(Date.parse(value)) ? "" : wallText(wallOf(value, zone));
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
