"use client";

import { Moon, Sun } from "lucide-react";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { ShellUser, UserMenuProps } from "./user-menu-popups";

const userPopup = lazyComponent(() => import("./user-menu-popups").then((module) => module.UserMenuPopup));
const themePopup = lazyComponent(() => import("./user-menu-popups").then((module) => module.ThemeMenuPopup));

function initials({ name, email }: ShellUser): string {
  const words = (name || email).split(/[\s.@_-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

export function UserMenu(props: UserMenuProps) {
  const { user } = props;
  return (
    <OnDemand
      component={userPopup}
      kind="menu"
      trigger={
        <button
          type="button"
          aria-label={`Account of ${user.name || user.email}`}
          className="flex size-8 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-ink text-xs hover:brightness-95 dark:hover:brightness-125"
        >
          {initials(user)}
        </button>
      }
    >
      {(UserMenuPopup, trigger) => <UserMenuPopup {...props} trigger={trigger} />}
    </OnDemand>
  );
}

export function ThemeMenu() {
  return (
    <OnDemand
      component={themePopup}
      kind="menu"
      trigger={
        <button
          type="button"
          aria-label="Theme"
          className="flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
        >
          <Sun aria-hidden className="size-4 dark:hidden" />
          <Moon aria-hidden className="hidden size-4 dark:block" />
        </button>
      }
    >
      {(ThemeMenuPopup, trigger) => <ThemeMenuPopup trigger={trigger} />}
    </OnDemand>
  );
}
