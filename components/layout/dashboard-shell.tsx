"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import type { CommandPaletteProps } from "~/components/palette/command-palette";
// Remembers the focus from the first click on, for dialogs that are loaded later.
import "~/components/ui/last-focus";
import { lazyComponent } from "~/components/ui/lazy-component";
import { DisplayZoneProvider } from "~/components/ui/time";
import { ToastProvider } from "~/components/ui/toast";
import { TooltipLayer } from "~/components/ui/tooltip-layer";
import { NAV } from "./nav";
import type { Preferences } from "./preferences";
import { PreferencesProvider } from "./preferences-provider";
import { ShortcutsProvider, useShortcut } from "./shortcuts";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";
import type { ShellUser } from "./user-menu-popups";

export interface DashboardShellProps extends Preferences {
  /** Null while the session cannot be verified. Without a user there is no account menu. */
  user: ShellUser | null;
  /** The time at which the server rendered the page, epoch ms. */
  now: number;
  /** Shown above every page, for example during an outage. */
  banner?: ReactNode;
  actions?: CommandPaletteProps["actions"];
  search?: CommandPaletteProps["search"];
  onSignOut?: () => void;
  children: ReactNode;
}

const palette = lazyComponent<CommandPaletteProps>(() =>
  import("~/components/palette/command-palette").then((module) => module.CommandPalette),
);

/** The layout of signed-in pages, except the wall board, and its providers. */
export function DashboardShell(props: DashboardShellProps) {
  const { zone, hour12, shortcuts, now } = props;
  return (
    <PreferencesProvider preferences={props}>
      <DisplayZoneProvider zone={zone} hour12={hour12} now={now}>
        <ToastProvider>
          <ShortcutsProvider enabled={shortcuts}>
            <Frame {...props} />
          </ShortcutsProvider>
        </ToastProvider>
        <TooltipLayer />
      </DisplayZoneProvider>
    </PreferencesProvider>
  );
}

function GoTo({ href, label, keys }: { href: string; label: string; keys: string }) {
  const router = useRouter();
  useShortcut({ keys, label, group: "Go to" }, () => router.push(href));
  return null;
}

function Frame({ user, banner, actions, search, onSignOut, children }: DashboardShellProps) {
  const [paletteOpen, setPaletteOpen] = useState(false);
  const Palette = palette.useLoaded();
  const openPalette = () => {
    palette.load();
    setPaletteOpen(true);
  };
  return (
    <div className="flex min-h-[calc(100dvh-var(--strip-height))]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 rounded-md bg-accent px-3 py-2 font-medium text-on-accent text-sm not-focus:sr-only"
      >
        Skip to content
      </a>
      <SearchKeys open={openPalette} toggle={() => (paletteOpen ? setPaletteOpen(false) : openPalette())} />
      {NAV.map((item) => (
        <GoTo key={item.href} href={item.href} label={item.label} keys={`g ${item.key}`} />
      ))}
      <Sidebar />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar user={user} onSearch={openPalette} onSignOut={onSignOut} />
        {banner}
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-400 flex-1 px-3 py-5 outline-none sm:px-6">
          {children}
        </main>
      </div>
      {Palette ? <Palette open={paletteOpen} onOpenChange={setPaletteOpen} actions={actions} search={search} /> : null}
    </div>
  );
}

/** "/" opens the search outside of inputs, unless the page binds it. Ctrl+K and Cmd+K open and close it everywhere. */
function SearchKeys({ open, toggle }: { open: () => void; toggle: () => void }) {
  useShortcut({ keys: "/", label: "Search", group: "General" }, open);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    toggle();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return null;
}
