import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { DashboardFrame } from "~/components/layout/dashboard-frame";
import { readPreferences } from "~/components/layout/preferences-server";
import { SessionUnverified } from "~/components/reach/session-unverified";
import { TRPCProvider } from "~/components/trpc/client";
import { PAGE_ZONES_ID } from "~/components/ui/page-zones";
import { PATH_HEADER } from "~/proxy";
import { callerOrUnknown, pageZonesJson } from "~/server/trpc/server";

/**
 * The layout of every signed-in page. Without a session, redirects to the sign-in page, which returns to this page. If
 * Redis does not respond, the session cannot be verified, and the layout shows the frame without the page.
 */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const [caller, preferences, requestHeaders] = await Promise.all([callerOrUnknown(), readPreferences(), headers()]);
  if (caller === null) {
    const path = requestHeaders.get(PATH_HEADER) ?? "/";
    redirect(path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
  }
  const user = caller === "unknown" ? null : { email: caller.email ?? "", name: caller.name, role: caller.role };
  return (
    <TRPCProvider>
      <script
        type="application/json"
        id={PAGE_ZONES_ID}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: our own data, with "<" escaped
        dangerouslySetInnerHTML={{ __html: pageZonesJson() }}
      />
      <DashboardFrame preferences={preferences} user={user} now={Date.now()}>
        {user ? children : <SessionUnverified />}
      </DashboardFrame>
    </TRPCProvider>
  );
}
