"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { useTRPCClient } from "~/components/trpc/client";
import { buttonClasses } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";

/** Interval of the check whether the user has signed in in the other tab. */
const CHECK_INTERVAL_MS = 2000;
/** The page that the other tab opens after the sign-in. */
const DONE_PATH = "/signed-in";

/**
 * Starts a sign-in with the identity provider in another tab, so that this page keeps its state. The tabs share the
 * session.
 */
export function ProviderTab({ name, email, onSignedIn }: { name: string; email: string; onSignedIn: () => void }) {
  const client = useTRPCClient();
  const [isWaiting, setWaiting] = useState(false);
  const [otherEmail, setOtherEmail] = useState<string | null>(null);
  const check = useEffectEvent(async () => {
    const caller = await client.access.me.query().catch(() => null);
    if (!caller) return;
    if (caller.email === email) onSignedIn();
    else setOtherEmail(caller.email);
  });
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void check(), CHECK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return (
    <>
      {/* Not a `Link`, because its prefetch would start a sign-in before the click. */}
      <a
        href={`/api/auth/oidc?next=${encodeURIComponent(DONE_PATH)}`}
        target="_blank"
        rel="noopener"
        onClick={() => setWaiting(true)}
        className={buttonClasses({ variant: "secondary", size: "lg", className: "w-full" })}
      >
        Sign in with {name}
      </a>
      {otherEmail ? (
        <Callout tone="warning" live className="mt-3">
          You signed in as {otherEmail}, but this page belongs to {email}. Reload the page to continue as {otherEmail}.
        </Callout>
      ) : null}
      <p className="my-4 text-center text-muted text-xs">
        {isWaiting ? "Sign in in the new tab, then come back here." : "or with a password"}
      </p>
    </>
  );
}
