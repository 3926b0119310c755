import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { callerOrUnknown, mustEnrol } from "~/server/trpc/server";
import { nextPath } from "../next-path";

/**
 * Redirects users who have signed in, also if they must still set up a second factor. In the page, the redirect would
 * come after `loading.tsx`, and not be an HTTP redirect.
 */
export default async function LoginLayout({ children }: { children: ReactNode }) {
  // "unknown" if Redis does not respond: the page is shown, and its form shows the error when it is submitted.
  const caller = await callerOrUnknown();
  if (caller !== null && caller !== "unknown") redirect(await nextPath());
  if (caller === null && (await mustEnrol())) redirect(`/second-factor?next=${encodeURIComponent(await nextPath())}`);
  return children;
}
