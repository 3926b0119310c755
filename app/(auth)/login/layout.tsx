import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { callerOrUnknown, mustEnrol } from "~/server/trpc/server";
import { nextPath } from "../next-path";

/** Redirects signed-in users. In the page, the redirect would come after `loading.tsx`, and not be a real redirect. */
export default async function LoginLayout({ children }: { children: ReactNode }) {
  // While Redis does not respond, the caller is unknown, and the form shows the error when it is submitted.
  const caller = await callerOrUnknown();
  if (caller !== null && caller !== "unknown") redirect(await nextPath());
  if (caller === null && (await mustEnrol())) redirect(`/second-factor?next=${encodeURIComponent(await nextPath())}`);
  return children;
}
