import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { DashboardFrame } from "~/components/layout/dashboard-frame";
import { readPreferences } from "~/components/layout/preferences-server";
import { TRPCProvider } from "~/components/trpc/client";
import { PAGE_ZONES_ID } from "~/components/ui/page-zones";
import { PATH_HEADER } from "~/proxy";
import { currentPrincipal, pageZonesJson } from "~/server/trpc/server";

/** The layout of every signed-in page. Without a session it redirects to the sign-in, which leads back here. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const [principal, preferences, given] = await Promise.all([currentPrincipal(), readPreferences(), headers()]);
  if (!principal) {
    const path = given.get(PATH_HEADER) ?? "/";
    redirect(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
  }
  const { email, name, role } = principal;
  return (
    <TRPCProvider>
      <script
        type="application/json"
        id={PAGE_ZONES_ID}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: our own data, with "<" escaped
        dangerouslySetInnerHTML={{ __html: pageZonesJson() }}
      />
      <DashboardFrame preferences={preferences} user={{ email: email ?? "", name, role }} now={Date.now()}>
        {children}
      </DashboardFrame>
    </TRPCProvider>
  );
}
