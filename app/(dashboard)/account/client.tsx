"use client";

import { useQueryClient } from "@tanstack/react-query";
import { PasskeysCard } from "~/components/account/passkeys-card";
import { PasswordCard } from "~/components/account/password-card";
import { PreferencesCard } from "~/components/account/preferences-card";
import { SecondFactorCard } from "~/components/account/second-factor-card";
import { SessionsCard } from "~/components/account/sessions-card";
import { useTRPC } from "~/components/trpc/client";

/** The account page: password, sessions, preferences. */
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
