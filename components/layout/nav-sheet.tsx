"use client";

import { Sheet } from "~/components/ui/sheet";
import { Brand, NavList } from "./sidebar";

export interface NavSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The navigation on small screens. */
export function NavSheet({ open, onOpenChange }: NavSheetProps) {
  const close = () => onOpenChange(false);
  return (
    <Sheet open={open} onOpenChange={onOpenChange} side="left" title="Navigation" hideTitle>
      <div className="flex h-(--topbar-height) items-center px-4">
        <Brand onNavigate={close} />
      </div>
      <nav aria-label="Main" className="p-2">
        <NavList onNavigate={close} />
      </nav>
    </Sheet>
  );
}
