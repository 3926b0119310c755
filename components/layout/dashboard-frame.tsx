"use client";

import { CalendarPlus, CircleHelp, Moon, Sun } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import { OutageBanner } from "~/components/reach/outage-banner";
import { ReachProvider } from "~/components/reach/reach-provider";
import { displayName } from "~/components/schedules/display-name";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import { useTRPCClient } from "~/components/trpc/client";
import type { PaletteAction, PaletteSearch } from "./command-palette";
import { DashboardShell } from "./dashboard-shell";
import { type Preferences, preferenceCookie } from "./preferences";
import type { ShellUser } from "./user-menu-items";

const HITS = 8;

/** The shell with the parts that need data: schedule search, actions, sign-out. */
export function DashboardFrame({
  preferences,
  user,
  now,
  children,
}: {
  preferences: Preferences;
  /** Null: nobody can be verified at the moment. */
  user: ShellUser | null;
  /** The server's clock when it rendered, epoch ms. */
  now: number;
  children: ReactNode;
}) {
  const router = useRouter();
  const shownSchedule = /^\/schedules\/([0-9a-f-]{36})/.exec(usePathname())?.[1];
  const client = useTRPCClient();
  const search: PaletteSearch = async (text, signal) => {
    const { items } = await client.schedules.list.query({ q: text, limit: HITS }, { signal });
    return items.map((item) => ({ id: item.scheduleId, name: displayName(item), hint: item.topic }));
  };
  const actions = useMemo<PaletteAction[]>(() => {
    const theme = (value: "light" | "dark") => () => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
      document.cookie = preferenceCookie("theme", value);
      document.documentElement.classList.toggle("dark", value === "dark");
      router.refresh();
    };
    const why: PaletteAction = {
      id: "why",
      label: "Why didn't this schedule run at …?",
      keywords: "explain skipped missed",
      icon: <CircleHelp aria-hidden />,
      run: () => router.push(`/schedules/${shownSchedule}#${WHY_ANCHOR}`),
    };
    return [
      ...(shownSchedule === undefined ? [] : [why]),
      {
        id: "new-schedule",
        label: "New schedule",
        keywords: "create add",
        icon: <CalendarPlus aria-hidden />,
        run: () => router.push("/schedules/new"),
      },
      {
        id: "theme-light",
        label: "Light theme",
        keywords: "appearance",
        icon: <Sun aria-hidden />,
        run: theme("light"),
      },
      { id: "theme-dark", label: "Dark theme", keywords: "appearance", icon: <Moon aria-hidden />, run: theme("dark") },
    ];
  }, [router, shownSchedule]);
  const signOut = async () => {
    const { authCall } = await import("~/components/access/auth-call");
    await authCall("/api/auth/sign-out");
    // A full page load, so that this user's data does not stay in memory.
    window.location.assign("/login");
  };
  return (
    <ReachProvider>
      <DashboardShell
        {...preferences}
        user={user}
        now={now}
        banner={<OutageBanner />}
        search={search}
        actions={actions}
        onSignOut={() => void signOut()}
      >
        {children}
      </DashboardShell>
    </ReachProvider>
  );
}
