"use client";

import { buttonClasses } from "~/components/ui/button";

/** Starts a sign-in with the identity provider `name`, then opens `next`. */
export function ProviderLink({ name, next }: { name: string; next: string }) {
  return (
    <>
      {/* Not a `Link`, because its prefetch would start a sign-in before the click. */}
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
