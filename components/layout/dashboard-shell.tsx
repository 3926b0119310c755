"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { part } from "~/components/ui/part";
import { DisplayZoneProvider } from "~/components/ui/time";
import { ToastProvider } from "~/components/ui/toast";
import { TooltipLayer } from "~/components/ui/tooltip-layer";
import type { CommandPaletteProps, PaletteAction, PaletteSearch } from "./command-palette";
import { NAV } from "./nav";
import type { Preferences } from "./preferences";
import { PreferencesProvider } from "./preferences-provider";
import { ShortcutsProvider, useShortcut } from "./shortcuts";
import { type NavCounts, Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";
import type { ShellUser } from "./user-menu-items";

export interface DashboardShellProps extends Preferences {
  /** Null: nobody is signed in, no account menu. */
  user: ShellUser | null;
  /** The server's clock when it rendered, epoch ms. */
  now: number;
  /** Formatted numbers beside navigation items, by href. */
  counts?: NavCounts;
  /** Right of the search: usually a `LiveIndicator`. */
  live?: ReactNode;
  /** Above every page: what does not respond. */
  banner?: ReactNode;
  actions?: readonly PaletteAction[];
  search?: PaletteSearch;
  onSignOut?: () => void;
  children: ReactNode;
}

const palette = part<CommandPaletteProps>(() => import("./command-palette").then((module) => module.CommandPalette));

/** The layout of every signed-in page, and its providers. */
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

function Frame({ user, counts, live, banner, actions, search, onSignOut, children }: DashboardShellProps) {
  const [paletteOpen, setPaletteOpen] = useState(false);
  const Palette = palette.useLoaded();
  const openPalette = () => {
    palette.load();
    setPaletteOpen(true);
  };
  return (
    <div className="flex min-h-dvh">
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
      <Sidebar counts={counts} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar user={user} counts={counts} live={live} onSearch={openPalette} onSignOut={onSignOut} />
        {banner}
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-400 flex-1 px-3 py-5 outline-none sm:px-6">
          {children}
        </main>
      </div>
      {Palette ? <Palette open={paletteOpen} onOpenChange={setPaletteOpen} actions={actions} search={search} /> : null}
    </div>
  );
}

/** Opens on "/" outside of inputs, and on Ctrl+K or Cmd+K anywhere. */
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
