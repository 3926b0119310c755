"use client";

import { ChevronsUpDown } from "lucide-react";
import { useRef, useState } from "react";
import { Input } from "./input";
import { lazyComponent } from "./lazy-component";
import type { ZoneComboboxProps } from "./zone-combobox";
import { currentZoneName } from "./zones";

const combobox = lazyComponent(() => import("./zone-combobox").then((module) => module.ZoneCombobox));

/**
 * Selects an IANA zone by city, offset, abbreviation or old name. Named by its `Field` or by `aria-label`. The list and
 * its search are loaded on hover or focus; text that is typed meanwhile is kept.
 */
export function ZonePicker(props: Omit<ZoneComboboxProps, "start">) {
  const [start, setStart] = useState<ZoneComboboxProps["start"]>();
  // The loaded list replaces the input on focus, before the click, so the press decides whether the list opens.
  const isPressed = useRef(false);
  const Loaded = combobox.useLoaded();
  if (Loaded !== null && start !== undefined) return <Loaded {...props} start={start} />;
  const { value, onValueChange: _, ...rest } = props;
  return (
    <Input
      {...rest}
      role="combobox"
      aria-expanded={false}
      aria-haspopup="listbox"
      autoComplete="off"
      value={start?.text ?? currentZoneName(value).replaceAll("_", " ")}
      trailing={<ChevronsUpDown aria-hidden className="size-3.5" />}
      onPointerEnter={() => combobox.load()}
      onPointerDown={() => {
        isPressed.current = true;
      }}
      onPointerCancel={() => {
        isPressed.current = false;
      }}
      onFocus={() => {
        combobox.load();
        setStart({ open: isPressed.current });
      }}
      onClick={() => setStart((before) => ({ ...before, open: true }))}
      onChange={(event) => setStart({ open: true, text: event.target.value })}
      onBlur={() => {
        isPressed.current = false;
        setStart(undefined);
      }}
    />
  );
}
