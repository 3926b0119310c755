"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { TooltipSide } from "./tooltip";

export interface ShownTooltip {
  anchor: HTMLElement;
  content: string;
  side: TooltipSide | undefined;
}

export interface TooltipPopupProps {
  tooltip: ShownTooltip;
  open: boolean;
}

/** The popup of the page's tooltips. Loaded when the first tooltip is shown. */
export function TooltipPopup({ tooltip: { anchor, content, side }, open }: TooltipPopupProps) {
  return (
    <Base.Root open={open}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={side} sideOffset={6} className="z-60" data-tooltip-popup="">
          <Base.Popup className="max-w-72 rounded-md bg-ink px-2 py-1 text-canvas text-xs shadow-pop transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
