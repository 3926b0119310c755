import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { mustEnrol } from "~/server/trpc/server";
import { nextPath } from "../next-path";

/**
 * Redirects users who need not set up a second factor. In the page, the redirect would come after `loading.tsx`, and
 * not be an HTTP redirect.
 */
export default async function SecondFactorLayout({ children }: { children: ReactNode }) {
  if (!(await mustEnrol())) redirect(await nextPath());
  return children;
}
