import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { PageZonesLoader } from "~/components/layout/page-zones-loader";
import { PATH_HEADER } from "~/proxy";
import { callerOrUnknown, hadSession, mustEnrol, pageZonesJson } from "~/server/trpc/server";

/**
 * The caller of a signed-in page; "unknown" if the session cannot be verified because Redis does not respond. Without a
 * session, redirects to the sign-in page, which returns to this page. A user who must still set up a second factor is
 * redirected to the page for that.
 */
export async function callerOrSignIn() {
  const [caller, requestHeaders] = await Promise.all([callerOrUnknown(), headers()]);
  if (caller !== null) return caller;
  const query = new URLSearchParams();
  const path = requestHeaders.get(PATH_HEADER) ?? "/";
  if (await mustEnrol()) redirect(`/second-factor?next=${encodeURIComponent(path)}`);
  if (path !== "/") query.set("next", path);
  if (await hadSession()) query.set("why", "expired");
  redirect(query.size === 0 ? "/login" : `/login?${query}`);
}

/** The server's time zone rules for the browser. Render it after `callerOrSignIn`, which loads these rules. */
export function PageZonesOfServer() {
  return <PageZonesLoader json={pageZonesJson()} />;
}
