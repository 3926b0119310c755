"use client";

import { MenuIcon, Search } from "lucide-react";
import { useState } from "react";
import { useMayChange, useScope } from "~/components/access/may";
import { Badge } from "~/components/ui/badge";
import { IconButton } from "~/components/ui/icon-button";
import { Kbd } from "~/components/ui/kbd";
import { lazyComponent } from "~/components/ui/lazy-component";
import { Tooltip } from "~/components/ui/tooltip";
import type { NavSheetProps } from "./nav-sheet";
import { ThemeMenu, UserMenu } from "./user-menu";
import type { ShellUser } from "./user-menu-popups";
import { ZoneButton } from "./zone-button";

const sheet = lazyComponent<NavSheetProps>(() => import("./nav-sheet").then((module) => module.NavSheet));

/** Navigation on small screens, search, display zone, theme and account. */
export function TopBar({
  user,
  onSearch,
  onSignOut,
}: {
  user: ShellUser | null;
  onSearch: () => void;
  onSignOut?: () => void;
}) {
  const [navOpen, setNavOpen] = useState(false);
  const Sheet = sheet.useLoaded();
  const mayChange = useMayChange();
  const scope = useScope();
  return (
    <header className="sticky top-0 z-30 flex h-(--topbar-height) items-center gap-1.5 border-b bg-canvas px-3 sm:px-4">
      <IconButton
        label="Open navigation"
        icon={<MenuIcon aria-hidden />}
        tooltip={false}
        onPointerEnter={() => sheet.load()}
        onClick={() => {
          sheet.load();
          setNavOpen(true);
        }}
        className="lg:hidden"
      />
      {Sheet ? <Sheet open={navOpen} onOpenChange={setNavOpen} /> : null}
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
        {user && scope !== null ? (
          <Tooltip content="You see only the topics of this scope. An admin can change your role.">
            <span className="inline-flex min-w-0 max-w-48 max-sm:max-w-24">
              <Badge tone="info">Scope: {scope || "none"}</Badge>
            </span>
          </Tooltip>
        ) : null}
        {user && !mayChange ? (
          <Tooltip content="Your role cannot change anything. An admin can change your role.">
            <span className="inline-flex">
              <Badge>View only</Badge>
            </span>
          </Tooltip>
        ) : null}
        <ZoneButton />
        <ThemeMenu />
        {user ? <UserMenu user={user} onSignOut={onSignOut} /> : null}
      </div>
    </header>
  );
}
