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
import type { LazyComponent } from "./lazy-component";

/** Keys that open a menu or a list; Enter and Space are clicks. */
const OPENING_KEYS = ["ArrowDown", "ArrowUp"];

/**
 * A button whose popup is loaded on hover or focus. The first click mounts the popup with a new trigger button, and is
 * repeated on that button.
 */
export function OnDemand<Props>({
  component,
  trigger,
  kind,
  children,
}: {
  component: LazyComponent<Props>;
  trigger: ReactElement<Record<string, unknown>>;
  kind: "menu" | "dialog" | "combobox";
  /** The popup around its trigger. */
  children: (Popup: ComponentType<Props>, trigger: ReactElement) => ReactElement;
}) {
  const [isRequested, setRequested] = useState(false);
  const button = useRef<HTMLElement>(null);
  const Popup = component.useLoaded();
  const isShown = isRequested && Popup !== null;
  useEffect(() => {
    if (!isShown) return;
    // Deferred, because the first click still bubbles, and the popup would close on a click outside.
    const timer = setTimeout(() => {
      button.current?.focus();
      button.current?.click();
    });
    return () => clearTimeout(timer);
  }, [isShown]);
  if (isShown) return children(Popup, cloneElement(trigger, { ref: button }));
  const load = () => component.load();
  const request = () => {
    setRequested(true);
    load();
  };
  return cloneElement(trigger, {
    role: kind === "combobox" ? kind : undefined,
    "aria-haspopup": kind === "combobox" ? "dialog" : kind,
    "aria-expanded": false,
    onPointerEnter: load,
    onFocus: load,
    onClick: request,
    onKeyDown: (event: KeyboardEvent) => {
      if (kind === "dialog" || !OPENING_KEYS.includes(event.key)) return;
      event.preventDefault();
      request();
    },
  });
}
