"use client";

import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useShortcut } from "~/components/layout/shortcuts";
import { cn } from "~/components/ui/cn";
import { ControlFrame, controlClasses } from "~/components/ui/control";
import { Kbd } from "~/components/ui/kbd";

interface TextFilterProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
  debounceMs?: number;
  className?: string;
}

/** A search box, focused by "/". `onChange` is called after `debounceMs` without input, or on Enter and clear. */
export function SearchInput(props: TextFilterProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut({ keys: "/", label: "Search this list", group: "Lists" }, () => input.current?.focus());
  return <TextFilter {...props} input={input} shortcut="/" />;
}

/** Like `SearchInput` without the "/" shortcut, for a second text filter of the same list. */
export function TextFilter({
  value,
  onChange,
  label,
  placeholder = "Search",
  debounceMs = 250,
  className,
  input,
  shortcut,
}: TextFilterProps & { input?: RefObject<HTMLInputElement | null>; shortcut?: string }) {
  // Text that was typed but not reported yet; null if `value` is current.
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ownInput = useRef<HTMLInputElement>(null);
  const element = input ?? ownInput;
  useEffect(() => () => clearTimeout(timer.current), []);

  const report = (text: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    if (text !== value) onChange(text);
  };
  const text = draft ?? value;
  const hint = shortcut ? <Kbd className="max-md:hidden">{shortcut}</Kbd> : undefined;
  return (
    <ControlFrame
      className={className}
      leading={<Search aria-hidden />}
      trailing={
        text ? (
          <button
            type="button"
            aria-label="Clear search"
            onClick={() => {
              report("");
              element.current?.focus();
            }}
            className="flex size-6 items-center justify-center rounded hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        ) : (
          hint
        )
      }
    >
      <input
        ref={element}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className={cn(controlClasses, "pr-14 pl-8")}
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          setDraft(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => report(next), debounceMs);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") report(text);
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </ControlFrame>
  );
}
