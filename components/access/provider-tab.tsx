"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { useTRPCClient } from "~/components/trpc/client";
import { buttonClasses } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";

/** How often the page looks whether the user has signed in, in another tab, ms. */
const LOOK_MS = 2000;
/** The page that the other tab opens after the sign-in. */
const DONE_PATH = "/signed-in";

/**
 * Begins a sign-in by the identity provider in another tab, so that this page keeps its state. The tabs share the
 * session.
 */
export function ProviderTab({ name, email, onSignedIn }: { name: string; email: string; onSignedIn: () => void }) {
  const client = useTRPCClient();
  const [isWaiting, setWaiting] = useState(false);
  const [other, setOther] = useState<string | null>(null);
  const look = useEffectEvent(async () => {
    const caller = await client.access.me.query().catch(() => null);
    if (!caller) return;
    if (caller.email === email) onSignedIn();
    else setOther(caller.email);
  });
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return (
    <>
      {/* Not a `Link`, which would load the address before the click and begin a sign-in. */}
      <a
        href={`/api/auth/oidc?next=${encodeURIComponent(DONE_PATH)}`}
        target="_blank"
        rel="noopener"
        onClick={() => setWaiting(true)}
        className={buttonClasses({ variant: "secondary", size: "lg", className: "w-full" })}
      >
        Sign in with {name}
      </a>
      {other ? (
        <Callout tone="warning" live className="mt-3">
          You signed in as {other}, but this page belongs to {email}. Reload the page to continue as {other}.
        </Callout>
      ) : null}
      <p className="my-4 text-center text-muted text-xs">
        {isWaiting ? "Sign in in the new tab, then come back here." : "or with a password"}
      </p>
    </>
  );
}
