import type { ReactNode } from "react";
import { SessionUnverified } from "~/components/reach/session-unverified";
import { callerOrSignIn } from "../signed-in";
import { SignedInFrame } from "../signed-in-frame";

/**
 * The layout of all signed-in pages with navigation. If the session cannot be verified because Redis does not respond,
 * and was not verified shortly before, the frame is shown without the page.
 */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const caller = await callerOrSignIn();
  return <SignedInFrame caller={caller}>{caller === "unknown" ? <SessionUnverified /> : children}</SignedInFrame>;
}
