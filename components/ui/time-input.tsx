"use client";

import { Clock } from "lucide-react";
import { useRef, useState } from "react";
import { useFieldLabelId } from "./field-label";
import { IconButton } from "./icon-button";
import { Input } from "./input";
import { CLOCK_FORMAT, readClock } from "./wall-text";

/**
 * A time of day as text from 00:00 to 23:59, because a native field would show AM and PM in some locales. The button
 * opens the clock of a hidden native field. `onChange` gets complete times as HH:MM. On blur, the last complete time
 * replaces any other text.
 */
export function TimeInput({ value, onChange }: { value: string; onChange: (time: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const clock = useRef<HTMLInputElement>(null);
  const labelId = useFieldLabelId();
  const pick = (text: string) => {
    const time = readClock(text);
    setDraft(time === null ? text : null);
    if (time !== null) onChange(time);
  };
  const open = () => {
    if (!clock.current) return;
    clock.current.value = value;
    clock.current.showPicker();
  };
  return (
    <div className="relative">
      <Input
        className="pr-9 tabular-nums"
        value={draft ?? value}
        onChange={(event) => {
          const text = event.target.value;
          setDraft(text);
          const time = readClock(text);
          if (time !== null) onChange(time);
        }}
        onBlur={() => setDraft(null)}
        aria-invalid={draft !== null && readClock(draft) === null ? true : undefined}
        required
        inputMode="numeric"
        placeholder={CLOCK_FORMAT}
        title={`${CLOCK_FORMAT}, from 00:00 to 23:59`}
        autoComplete="off"
        spellCheck={false}
      />
      <input
        ref={clock}
        aria-hidden
        tabIndex={-1}
        type="time"
        className="pointer-events-none absolute inset-0 size-full opacity-0"
        onChange={(event) => pick(event.target.value)}
      />
      <IconButton
        size="sm"
        tooltip={false}
        label="Open the clock"
        aria-describedby={labelId}
        icon={<Clock aria-hidden />}
        className="absolute top-0.5 right-0.5"
        onClick={open}
      />
    </div>
  );
}
