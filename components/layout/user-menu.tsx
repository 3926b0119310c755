"use client";

import { CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { Menu, MenuCheckboxItem, MenuItem, MenuLinkItem, MenuRadioGroup, MenuSeparator } from "~/components/ui/menu";
import { usePreferences } from "./preferences-provider";

export interface ShellUser {
  email: string;
  name: string;
  role: string;
}

function initials({ name, email }: ShellUser): string {
  const words = (name || email).split(/[\s.@_-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

/** Who is signed in; account, density, shortcuts, sign out. */
export function UserMenu({ user, onSignOut }: { user: ShellUser; onSignOut?: () => void }) {
  const { density, shortcuts, set } = usePreferences();
  return (
    <Menu
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
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{user.name || user.email}</p>
        <p className="truncate text-muted text-xs">
          {user.name ? `${user.email} · ` : ""}
          {user.role}
        </p>
      </div>
      <MenuSeparator />
      <MenuLinkItem href="/account" icon={<CircleUser aria-hidden />}>
        Account
      </MenuLinkItem>
      <MenuCheckboxItem
        icon={<Keyboard aria-hidden />}
        checked={shortcuts}
        onCheckedChange={(checked) => set("shortcuts", checked)}
      >
        Keyboard shortcuts
      </MenuCheckboxItem>
      <MenuSeparator />
      <MenuRadioGroup
        label="Rows"
        value={density}
        onValueChange={(next) => set("density", next)}
        options={[
          { value: "comfortable", label: "Comfortable" },
          { value: "compact", label: "Compact" },
        ]}
      />
      {onSignOut ? (
        <>
          <MenuSeparator />
          <MenuItem icon={<LogOut aria-hidden />} onSelect={onSignOut}>
            Sign out
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

/** Light, dark, or as the system. */
export function ThemeMenu() {
  const { theme, set } = usePreferences();
  return (
    <Menu
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
      <MenuRadioGroup
        label="Theme"
        value={theme}
        onValueChange={(next) => set("theme", next)}
        options={[
          { value: "light", label: "Light", icon: <Sun aria-hidden /> },
          { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
          { value: "system", label: "System", icon: <Monitor aria-hidden /> },
        ]}
      />
    </Menu>
  );
}
