"use client";

import { useEffect, useState } from "react";
import { lazyComponent } from "./lazy-component";
import type { TooltipSide } from "./tooltip";
import type { ShownTooltip, TooltipPopupProps } from "./tooltip-popup";

/** How long the pointer rests on a button before its tooltip appears. */
const SHOW_DELAY_MS = 400;
/** The time to move the pointer from a button to its tooltip or to the next button. */
const LEAVE_DELAY_MS = 150;

const popup = lazyComponent<TooltipPopupProps>(() => import("./tooltip-popup").then((module) => module.TooltipPopup));

/** Shows all tooltips of the page in one popup that moves, because lists have hundreds of buttons. */
export function TooltipLayer() {
  const [tooltip, setTooltip] = useState<ShownTooltip | null>(null);
  const [open, setOpen] = useState(false);
  const Popup = popup.useLoaded();
  useEffect(
    () =>
      watchTooltips((next) => {
        popup.load();
        if (next) setTooltip(next);
        setOpen(next !== null);
      }),
    [],
  );
  return Popup && tooltip ? <Popup tooltip={tooltip} open={open} /> : null;
}

/** Reports the tooltip to show and its element, or null for none. Returns a function that stops the reports. */
function watchTooltips(report: (tooltip: ShownTooltip | null) => void): () => void {
  let shown: Element | null = null;
  let wanted: Element | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const want = (next: HTMLElement | null, delayMs: number) => {
    if (next === wanted) return;
    wanted = next;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { tooltip, tooltipSide } = next?.dataset ?? {};
      shown = next?.isConnected && tooltip ? next : null;
      report(shown && next && tooltip ? { anchor: next, content: tooltip, side: tooltipSide as TooltipSide } : null);
    }, delayMs);
  };
  const onOver = (event: PointerEvent) => {
    if (event.pointerType === "touch" || !(event.target instanceof Element)) return;
    if (shown && event.target.closest("[data-tooltip-popup]")) return want(shown as HTMLElement, 0);
    const next = event.target.closest<HTMLElement>("[data-tooltip]");
    want(next, next && !shown ? SHOW_DELAY_MS : LEAVE_DELAY_MS);
  };
  const onFocus = (event: FocusEvent) => {
    const next = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tooltip]") : null;
    want(next?.matches(":focus-visible") ? next : null, 0);
  };
  const hide = () => want(null, 0);
  const onKey = (event: KeyboardEvent) => event.key === "Escape" && hide();
  const watch = new AbortController();
  const { signal } = watch;
  document.addEventListener("pointerover", onOver, { signal });
  document.documentElement.addEventListener("pointerleave", hide, { signal });
  document.addEventListener("focusin", onFocus, { signal });
  document.addEventListener("focusout", hide, { signal });
  document.addEventListener("pointerdown", hide, { signal });
  document.addEventListener("keydown", onKey, { signal });
  return () => {
    clearTimeout(timer);
    watch.abort();
  };
}
