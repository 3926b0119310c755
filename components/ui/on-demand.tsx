"use client";

import {
  type ComponentType,
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Part } from "./part";

/** Keys that open a menu or a list besides Enter and Space, which are clicks. */
const OPENING_KEYS = ["ArrowDown", "ArrowUp"];

/**
 * A button whose popup is loaded when the pointer or the focus comes near. Until its first click the button stands
 * alone; that click is then done again on the button that the popup brings along.
 */
export function OnDemand<Props>({
  part,
  trigger,
  kind,
  children,
}: {
  part: Part<Props>;
  trigger: ReactElement<Record<string, unknown>>;
  kind: "menu" | "dialog" | "combobox";
  /** The popup around its trigger. */
  children: (Popup: ComponentType<Props>, trigger: ReactElement) => ReactElement;
}) {
  const [asked, setAsked] = useState(false);
  const button = useRef<HTMLElement>(null);
  const Popup = part.useLoaded();
  const shown = asked && Popup !== null;
  useEffect(() => {
    if (!shown) return;
    // When the asking click is over: still on its way up, it would close as a press outside what it has just opened.
    const timer = setTimeout(() => {
      button.current?.focus();
      button.current?.click();
    });
    return () => clearTimeout(timer);
  }, [shown]);
  if (shown) return children(Popup, cloneElement(trigger, { ref: button }));
  const load = () => part.load();
  const ask = () => {
    setAsked(true);
    load();
  };
  return cloneElement(trigger, {
    role: kind === "combobox" ? kind : undefined,
    "aria-haspopup": kind === "combobox" ? "dialog" : kind,
    "aria-expanded": false,
    onPointerEnter: load,
    onFocus: load,
    onClick: ask,
    onKeyDown: (event: KeyboardEvent) => {
      if (kind === "dialog" || !OPENING_KEYS.includes(event.key)) return;
      event.preventDefault();
      ask();
    },
  });
}
