"use client";

import { CalendarDays } from "lucide-react";
import { useRef } from "react";
import { cn } from "./cn";
import { useFieldLabelId } from "./field-label";
import { IconButton } from "./icon-button";
import { Input } from "./input";
import { readWall, WALL_FORMAT, WALL_PATTERN, wallText } from "./wall-text";

interface WallInputProps {
  /** The controlled text. Without it, the field keeps its own text and begins with `defaultText`. */
  text?: string;
  defaultText?: string;
  onTextChange?: (text: string) => void;
  onBlur?: () => void;
  required?: boolean;
  /** The calendar offers seconds too. */
  hasSeconds?: boolean;
  className?: string;
}

/** Latest time that the calendar offers: the end of the product's range. */
const LATEST = "2299-12-30T00:00:00";

/**
 * A date and time as text in ISO order. A native field would show the order of the browser's locale, in which 03/04
 * is ambiguous. A hidden native field provides the calendar, which the button opens.
 */
export function WallInput({
  text,
  defaultText,
  onTextChange,
  onBlur,
  required,
  hasSeconds,
  className,
}: WallInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const calendar = useRef<HTMLInputElement>(null);
  const labelId = useFieldLabelId();
  const open = () => {
    if (!input.current || !calendar.current) return;
    calendar.current.value = readWall(input.current.value) ?? "";
    calendar.current.showPicker();
  };
  const pick = (picked: string) => {
    if (!input.current || picked === "") return;
    input.current.value = wallText(picked);
    onTextChange?.(input.current.value);
  };
  return (
    <div className={cn("relative", className)}>
      <Input
        ref={input}
        className="pr-9 tabular-nums"
        {...(text === undefined ? { defaultValue: defaultText } : { value: text })}
        onChange={(event) => onTextChange?.(event.target.value)}
        onBlur={onBlur}
        required={required}
        placeholder={WALL_FORMAT}
        pattern={WALL_PATTERN}
        title={WALL_FORMAT}
        autoComplete="off"
        spellCheck={false}
      />
      <input
        ref={calendar}
        aria-hidden
        tabIndex={-1}
        type="datetime-local"
        step={hasSeconds ? 1 : undefined}
        max={LATEST}
        className="pointer-events-none absolute inset-0 size-full opacity-0"
        onChange={(event) => pick(event.target.value)}
      />
      <IconButton
        size="sm"
        tooltip={false}
        label="Open the calendar"
        aria-describedby={labelId}
        icon={<CalendarDays aria-hidden />}
        className="absolute top-0.5 right-0.5"
        onClick={open}
      />
    </div>
  );
}
