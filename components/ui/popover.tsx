"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { popupClasses } from "./popup";

/** A small panel anchored to its trigger. Its title, visible or not, is its accessible name. */
export function Popover({
  trigger,
  title,
  hideTitle,
  open,
  onOpenChange,
  align = "start",
  className,
  children,
}: {
  trigger: ReactElement;
  title: string;
  hideTitle?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
}) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} collisionPadding={12} className="z-50 outline-none">
          <Base.Popup className={cn(popupClasses, "max-w-(--available-width) p-3", className)}>
            <Base.Title className={hideTitle ? "sr-only" : "mb-2 font-semibold text-sm"}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
