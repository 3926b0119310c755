import type { ReactNode } from "react";
import { callerOrSignIn } from "../../signed-in";

/**
 * Redirects users without a session to the sign-in page. In the page, the redirect would come after `loading.tsx`, and
 * not be an HTTP redirect.
 */
export default async function WallLayout({ children }: { children: ReactNode }) {
  await callerOrSignIn();
  return children;
}
