import type { Metadata } from "next";
import { ButtonLink } from "~/components/ui/button";

export const metadata: Metadata = { title: "Signed in" };

/** Shown in a tab that was opened for the sign-in of another tab. */
export default function SignedInPage() {
  return (
    <>
      <h1 className="mb-2 font-semibold text-lg">You are signed in</h1>
      <p className="mb-5 text-muted text-sm">Close this tab and continue in the tab from which you came.</p>
      <ButtonLink href="/" className="w-full justify-center">
        Open the overview here
      </ButtonLink>
    </>
  );
}
