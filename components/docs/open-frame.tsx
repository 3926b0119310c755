import type { ReactNode } from "react";
import { Logo } from "~/components/layout/logo";
import { Link } from "~/components/ui/link";

/** The frame of the documentation for readers who are not signed in. */
export function OpenFrame({ children }: { children: ReactNode }) {
  return (
    <div className="min-h-[calc(100dvh-var(--strip-height))]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 rounded-md bg-accent px-3 py-2 font-medium text-on-accent text-sm not-focus:sr-only"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-(--topbar-height) items-center justify-between gap-3 border-b bg-canvas px-3 sm:px-6">
        <Link href="/docs" className="flex items-center gap-2.5 rounded-md font-semibold text-base">
          <Logo className="size-6 shrink-0" />
          <span className="truncate tracking-tight">Stufio Schedules</span>
        </Link>
        <Link
          href="/login"
          className="rounded-md border bg-surface px-3 py-1.5 font-medium text-sm hover:border-line-strong"
        >
          Sign in
        </Link>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-400 px-3 py-5 outline-none sm:px-6">
        {children}
      </main>
    </div>
  );
}
