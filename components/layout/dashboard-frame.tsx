"use client";

import { CalendarPlus, CircleHelp, Moon, Presentation, Sun } from "lucide-react";
import dynamic from "next/dynamic";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useMemo, useState } from "react";
import { RightsProvider, ScopeProvider } from "~/components/access/may";
import { SignInAgain } from "~/components/access/sign-in-again";
import { UserProvider } from "~/components/access/user";
import type { PaletteItem, PaletteSearch } from "~/components/palette/command-palette";
import type { TopicVerb } from "~/components/palette/palette-search";
import { recentSchedules } from "~/components/palette/recent-schedules";
import { recentSearches } from "~/components/palette/recent-searches";
import { PauseAllBanner } from "~/components/pause-all/pause-all-banner";
import { OutageBanner } from "~/components/reach/outage-banner";
import { ReachProvider } from "~/components/reach/reach-provider";
import { ScheduleDialogs, type ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import type { ActedSchedule } from "~/components/schedules/verb-dialog";
import { WHY_ANCHOR } from "~/components/schedules/why-anchor";
import { useTRPCClient } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import type { Right } from "~/server/domain/rights";
import { DashboardShell } from "./dashboard-shell";
import { type Preferences, preferenceCookie } from "./preferences";
import type { ShellUser } from "./user-menu-popups";

// Loaded on first use, to keep it out of every page's bundle.
const BulkDialog = dynamic(() => import("~/components/bulk/bulk-dialog").then((module) => module.BulkDialog));

/** The shell with the parts that need data: schedule search, actions, sign-out. */
export function DashboardFrame({
  preferences,
  user,
  rights,
  scope,
  provider,
  now,
  children,
}: {
  preferences: Preferences;
  /** Null while the session cannot be verified, because Redis does not respond. */
  user: ShellUser | null;
  rights: readonly Right[];
  /** The caller's scope in words; null for a caller who may see all topics. */
  scope: string | null;
  /** The name of the identity provider for sign-ins; null if there is none. */
  provider: string | null;
  /** The time at which the server rendered the page, epoch ms. */
  now: number;
  children: ReactNode;
}) {
  const router = useRouter();
  const shownSchedule = /^\/schedules\/([0-9a-f-]{36})/.exec(usePathname())?.[1];
  const mayCreate = rights.includes("schedules:create");
  const [scheduleAction, setScheduleAction] = useState<{ verb: ScheduleVerb; schedule: ActedSchedule } | null>(null);
  const [topicAction, setTopicAction] = useState<{ verb: TopicVerb; topic: string } | null>(null);
  /** Why the last sign-out failed. */
  const [signOutFault, setSignOutFault] = useState<string | null>(null);
  const client = useTRPCClient();
  // Loaded with the first search, to keep it out of every page's bundle.
  const search: PaletteSearch = async (text, signal) => {
    const { createPaletteSearch } = await import("~/components/palette/palette-search");
    const searchIn = createPaletteSearch({
      router,
      client,
      may: (right) => rights.includes(right),
      shownSchedule,
      onVerb: (verb, schedule) => setScheduleAction({ verb, schedule }),
      onTopic: (verb, topic) => setTopicAction({ verb, topic }),
    });
    return searchIn(text, signal);
  };
  const actions = useMemo<PaletteItem[]>(() => {
    const theme = (value: "light" | "dark") => () => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
      document.cookie = preferenceCookie("theme", value);
      document.documentElement.classList.toggle("dark", value === "dark");
      router.refresh();
    };
    const why: PaletteItem = {
      id: "why",
      label: "Why didn't this schedule run at …?",
      keywords: "explain skipped missed",
      icon: <CircleHelp aria-hidden />,
      run: () => router.push(`/schedules/${shownSchedule}#${WHY_ANCHOR}`),
    };
    const create: PaletteItem = {
      id: "new-schedule",
      label: "New schedule",
      keywords: "create add",
      icon: <CalendarPlus aria-hidden />,
      run: () => router.push("/schedules/new"),
    };
    const wall: PaletteItem = {
      id: "wall",
      label: "Wall board",
      keywords: "screen monitor tv status",
      icon: <Presentation aria-hidden />,
      run: () => router.push("/wall"),
    };
    return [
      ...(shownSchedule === undefined ? [] : [why]),
      ...(mayCreate ? [create] : []),
      ...(scope === null ? [wall] : []),
      {
        id: "theme-light",
        label: "Light theme",
        keywords: "appearance",
        icon: <Sun aria-hidden />,
        run: theme("light"),
      },
      { id: "theme-dark", label: "Dark theme", keywords: "appearance", icon: <Moon aria-hidden />, run: theme("dark") },
    ];
  }, [router, shownSchedule, mayCreate, scope]);
  const signOut = async () => {
    setSignOutFault(null);
    const modules = await Promise.all([
      import("~/components/access/auth-call"),
      import("~/components/forms/form-draft"),
    ]).catch(() => null);
    // Without the network, this code cannot be loaded either.
    if (modules === null) return setSignOutFault("The server did not answer. Check your connection.");
    const [{ signOutCall }, { dropDraftsOf }] = modules;
    const result = await signOutCall();
    if ("fault" in result) return setSignOutFault(result.fault.message);
    if (user) dropDraftsOf(localStorage, user.email);
    recentSchedules.forget(localStorage);
    recentSearches.forget(localStorage);
    // A full page load, so that this user's data does not stay in memory.
    window.location.assign(result.address);
  };
  return (
    <RightsProvider rights={rights}>
      <ScopeProvider scope={scope}>
        <UserProvider email={user?.email ?? ""}>
          <ReachProvider>
            <DashboardShell
              {...preferences}
              user={user}
              now={now}
              banner={
                <div className="sticky top-(--topbar-height) z-20">
                  <OutageBanner />
                  {user ? <PauseAllBanner /> : null}
                  {/* No toast: without the network, the code of toasts cannot be loaded. */}
                  {signOutFault === null ? null : (
                    <Callout
                      tone="danger"
                      title="Sign-out failed"
                      className="rounded-none border-x-0 border-t-0 sm:px-6"
                      action={
                        <Button variant="ghost" size="sm" onClick={() => setSignOutFault(null)}>
                          Dismiss
                        </Button>
                      }
                    >
                      {signOutFault}
                    </Callout>
                  )}
                </div>
              }
              search={search}
              actions={actions}
              onSignOut={() => void signOut()}
            >
              {children}
              {/* The dialogs are inside the shell, so that they show times in the display zone. */}
              <ScheduleDialogs action={scheduleAction} onClose={() => setScheduleAction(null)} />
              {topicAction ? (
                <BulkDialog
                  action={topicAction.verb}
                  target={{ filter: { topic: [topicAction.topic] } }}
                  onClose={() => setTopicAction(null)}
                />
              ) : null}
            </DashboardShell>
            {user ? <SignInAgain email={user.email} provider={provider} /> : null}
          </ReachProvider>
        </UserProvider>
      </ScopeProvider>
    </RightsProvider>
  );
}
