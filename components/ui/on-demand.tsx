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

/** Keys that open a menu or a list; Enter and Space are clicks. */
const OPENING_KEYS = ["ArrowDown", "ArrowUp"];

/**
 * A button whose popup is loaded on hover or focus. The first click mounts the popup with its own trigger button, and
 * is repeated on that button.
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
    // Deferred: while the first click still bubbles, the popup would take it for a click outside and close.
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
