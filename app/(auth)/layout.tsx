import type { ReactNode } from "react";
import { Logo } from "~/components/layout/logo";

/** The layout of pages for users who are not signed in. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-[calc(100dvh-var(--strip-height))] flex-col items-center justify-center gap-6 px-4 py-10">
      <div className="flex items-center gap-3">
        <Logo className="size-9" />
        <p className="font-semibold text-xl">Stufio Schedules</p>
      </div>
      <div className="w-full max-w-sm rounded-xl border bg-surface p-6 shadow-sm">{children}</div>
    </main>
  );
}
