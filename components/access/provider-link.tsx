"use client";

import { buttonClasses } from "~/components/ui/button";

/** Begins a sign-in by the identity provider `name`; the page `next` opens afterwards. */
export function ProviderLink({ name, next }: { name: string; next: string }) {
  return (
    <>
      {/* Not a `Link`, which would load the address before the click and begin a sign-in. */}
      <a
        href={`/api/auth/oidc?next=${encodeURIComponent(next)}`}
        className={buttonClasses({ variant: "secondary", size: "lg", className: "w-full" })}
      >
        Sign in with {name}
      </a>
      <p className="my-4 text-center text-muted text-xs">or with a password</p>
    </>
  );
}
