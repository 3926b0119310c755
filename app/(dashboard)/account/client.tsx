"use client";

import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { PasswordCard } from "~/components/account/password-card";
import { PreferencesCard } from "~/components/account/preferences-card";
import { SessionsCard } from "~/components/account/sessions-card";
import { useTRPC } from "~/components/trpc/client";

/** Loaded after the first paint, so that the page is usable sooner. The server still renders both cards. */
const SecondFactorCard = dynamic(() =>
  import("~/components/account/second-factor-card").then((module) => module.SecondFactorCard),
);
const PasskeysCard = dynamic(() => import("~/components/account/passkeys-card").then((module) => module.PasskeysCard));

/** The account page: sessions, preferences, password, second factor and passkeys. */
export function AccountClient() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const sessionsChanged = () => void queryClient.invalidateQueries(trpc.access.sessions.queryFilter());
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <SessionsCard />
        <PreferencesCard />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <PasswordCard onChanged={sessionsChanged} />
        <SecondFactorCard />
        <PasskeysCard />
      </div>
    </div>
  );
}
