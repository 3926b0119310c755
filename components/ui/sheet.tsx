"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cn } from "./cn";
import { backdropClasses, DialogCloseX } from "./dialog";

const SIDES = {
  right:
    "inset-y-0 right-0 w-full sm:w-(--sheet-width) data-ending-style:translate-x-full data-starting-style:translate-x-full",
  left: "inset-y-0 left-0 w-72 max-w-[85vw] data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
} as const;

/** A panel at the edge: details beside a list, the navigation on a phone. `width` (rem) applies to the right side. */
export function Sheet({
  open,
  onOpenChange,
  title,
  hideTitle,
  description,
  side = "right",
  width = 36,
  footer,
  finalFocus,
  onKeyDown,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  hideTitle?: boolean;
  description?: ReactNode;
  side?: keyof typeof SIDES;
  width?: number;
  footer?: ReactNode;
  /** Returns the element to focus when the sheet closes; by default the element that had the focus before. */
  finalFocus?: () => HTMLElement | null;
  onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup
          ref={popup}
          // The first tabbable element of details can be far down, and its focus would scroll the sheet.
          initialFocus={side === "right" ? popup : undefined}
          finalFocus={finalFocus && (() => finalFocus() ?? true)}
          onKeyDown={onKeyDown}
          style={{ "--sheet-width": `${width}rem` } as React.CSSProperties}
          className={cn(
            "fixed z-50 flex max-w-full flex-col bg-raised text-ink shadow-pop outline-none transition-transform duration-200 ease-out",
            SIDES[side],
          )}
        >
          <header className={hideTitle ? "sr-only" : "border-b px-5 py-3.5 pr-12"}>
            <Base.Title className="font-semibold text-lg">{title}</Base.Title>
            {description ? <Base.Description className="text-muted text-sm">{description}</Base.Description> : null}
          </header>
          <div className={cn("min-h-0 flex-1 overflow-y-auto", hideTitle ? "" : "px-5 py-4")}>{children}</div>
          {footer ? <footer className="flex justify-end gap-2 border-t px-5 py-3">{footer}</footer> : null}
          <DialogCloseX />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
