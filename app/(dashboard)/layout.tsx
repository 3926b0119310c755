import type { ReactNode } from "react";
import { DashboardShell } from "~/components/layout/dashboard-shell";
import { readPreferences } from "~/components/layout/preferences-server";

/** The frame of every signed-in page. Providers of data wrap the shell, so that its search and counts can use them. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const preferences = await readPreferences();
  return (
    <DashboardShell {...preferences} user={null} now={Date.now()}>
      {children}
    </DashboardShell>
  );
}
