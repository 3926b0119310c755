import type { ReactNode } from "react";
import { callerOrSignIn } from "../../signed-in";

/** Redirects to the sign-in. In the page, the redirect would come after `loading.tsx`, and not be a real redirect. */
export default async function WallLayout({ children }: { children: ReactNode }) {
  await callerOrSignIn();
  return children;
}
