"use client";

import { CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { roleLabel } from "~/components/settings/role-options";
import { Menu, MenuCheckboxItem, MenuItem, MenuLinkItem, MenuRadioGroup, MenuSeparator } from "~/components/ui/menu";
import { usePreferences } from "./preferences-provider";

export interface ShellUser {
  email: string;
  name: string;
  role: string;
}

export interface UserMenuProps {
  user: ShellUser;
  onSignOut?: () => void;
}

/** The opened account menu: user, account page, shortcuts, row height, sign out. */
export function UserMenuPopup({ user, onSignOut, trigger }: UserMenuProps & { trigger: ReactElement }) {
  const { density, shortcuts, set } = usePreferences();
  return (
    <Menu trigger={trigger}>
      <div className="px-2 py-1.5">
        <p className="truncate font-medium">{user.name || user.email}</p>
        <p className="truncate text-muted text-xs">
          {user.name ? `${user.email} · ` : ""}
          {roleLabel(user.role)}
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
        label="Row height"
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

export function ThemeMenuPopup({ trigger }: { trigger: ReactElement }) {
  const { theme, set } = usePreferences();
  return (
    <Menu trigger={trigger}>
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
