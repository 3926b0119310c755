"use client";

import { cloneElement, type ReactElement } from "react";

export type TooltipSide = "top" | "right" | "bottom" | "left";

/**
 * A hint on hover and focus; the page's `TooltipLayer` shows it. It must repeat what is reachable otherwise: touch has
 * no hover.
 */
export function Tooltip({
  content,
  children,
  side = "top",
}: {
  content: string;
  children: ReactElement<Record<string, unknown>>;
  side?: TooltipSide;
}) {
  return cloneElement(children, { "data-tooltip": content, "data-tooltip-side": side });
}
