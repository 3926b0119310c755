"use client";

import { cloneElement, type ReactElement } from "react";

export type TooltipSide = "top" | "right" | "bottom" | "left";

/** A tooltip on hover and focus, shown by `TooltipLayer`. Touch has no hover, so the page must show the text too. */
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
