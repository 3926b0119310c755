"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode, RefObject } from "react";
import { cn } from "./cn";
import { OpenDialog } from "./open-dialogs";
import { ReturnFocus } from "./return-focus";

export const backdropClasses =
  "fixed inset-0 z-40 bg-backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

export const dialogClasses =
  "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl bg-raised text-ink shadow-pop outline-none transition-[scale,opacity] duration-150 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0";

const SIZES = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-2xl", xl: "max-w-4xl" } as const;

/** The X in the corner of dialogs and sheets. */
export function DialogCloseX() {
  return (
    <Base.Close
      aria-label="Close"
      className="absolute top-3 right-3 flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
    >
      <X aria-hidden className="size-4" />
    </Base.Close>
  );
}

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Opens the dialog and gets the focus back. Undefined if the page opens the dialog itself. */
  trigger?: ReactElement;
  footer?: ReactNode;
  size?: keyof typeof SIZES;
  initialFocus?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}

/** A modal dialog: title, scrolling body, footer. Esc and the backdrop close it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  trigger,
  footer,
  size = "md",
  initialFocus,
  children,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup
          initialFocus={initialFocus}
          // Without a trigger, Base UI would return the focus to the trigger of an earlier dialog.
          finalFocus={trigger ? undefined : false}
          className={cn(dialogClasses, SIZES[size])}
        >
          <ReturnFocus />
          <OpenDialog />
          <header className="px-5 pt-4 pr-12 pb-3">
            <Base.Title className="font-semibold text-lg">{title}</Base.Title>
            {description ? (
              <Base.Description className="mt-0.5 text-muted text-sm">{description}</Base.Description>
            ) : null}
          </header>
          {children ? <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div> : null}
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</footer>
          ) : null}
          <DialogCloseX />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
