"use client";

import { MenuIcon, Search } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "~/components/ui/icon-button";
import { Kbd } from "~/components/ui/kbd";
import { Sheet } from "~/components/ui/sheet";
import { Brand, type NavCounts, NavList } from "./sidebar";
import { type ShellUser, ThemeMenu, UserMenu } from "./user-menu";
import { ZoneButton } from "./zone-button";

/** Navigation on small screens, search, the live indicator, display zone, theme and account. */
export function TopBar({
  user,
  counts,
  live,
  onSearch,
  onSignOut,
}: {
  user: ShellUser | null;
  counts?: NavCounts;
  live?: ReactNode;
  onSearch: () => void;
  onSignOut?: () => void;
}) {
  const [navOpen, setNavOpen] = useState(false);
  const close = () => setNavOpen(false);
  return (
    <header className="sticky top-0 z-30 flex h-(--topbar-height) items-center gap-1.5 border-b bg-canvas px-3 sm:px-4">
      <IconButton
        label="Open the navigation"
        icon={<MenuIcon aria-hidden />}
        tooltip={false}
        onClick={() => setNavOpen(true)}
        className="lg:hidden"
      />
      <Sheet open={navOpen} onOpenChange={setNavOpen} side="left" title="Navigation" hideTitle>
        <div className="flex h-(--topbar-height) items-center px-4">
          <Brand onNavigate={close} />
        </div>
        <nav aria-label="Main" className="p-2">
          <NavList counts={counts} onNavigate={close} />
        </nav>
      </Sheet>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-8 items-center gap-2 rounded-md border bg-surface px-2.5 text-muted text-sm hover:border-line-strong hover:text-ink max-sm:size-8 max-sm:justify-center max-sm:px-0 sm:w-64"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate max-sm:sr-only">Search or jump to…</span>
        <Kbd className="ml-auto max-sm:hidden">Ctrl K</Kbd>
      </button>
      <div className="ml-auto flex min-w-0 items-center gap-1">
        {live}
        <ZoneButton />
        <ThemeMenu />
        {user ? <UserMenu user={user} onSignOut={onSignOut} /> : null}
      </div>
    </header>
  );
}
