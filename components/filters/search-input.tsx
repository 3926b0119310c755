"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShortcut } from "~/components/layout/shortcuts";
import { Input } from "~/components/ui/input";
import { Kbd } from "~/components/ui/kbd";

/** A search box. `onChange` is called after `debounceMs` without input, or on Enter and clear. "/" focuses it. */
export function SearchInput({
  value,
  onChange,
  label,
  placeholder = "Search",
  debounceMs = 250,
  className,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
  debounceMs?: number;
  className?: string;
}) {
  // Text that was typed but not reported yet; null when `value` is current.
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  useShortcut({ keys: "/", label: "Search this list", group: "Lists" }, () => input.current?.focus());

  const tell = (text: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    if (text !== value) onChange(text);
  };
  const text = draft ?? value;
  return (
    <Input
      ref={input}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      className={className}
      value={text}
      onChange={(event) => {
        const next = event.target.value;
        setDraft(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => tell(next), debounceMs);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") tell(text);
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      leading={<Search aria-hidden />}
      trailing={
        text ? (
          <button
            type="button"
            aria-label="Clear search"
            onClick={() => {
              tell("");
              input.current?.focus();
            }}
            className="flex size-6 items-center justify-center rounded hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        ) : (
          <Kbd className="max-md:hidden">/</Kbd>
        )
      }
    />
  );
}
