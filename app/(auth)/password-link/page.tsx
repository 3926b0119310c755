import type { Metadata } from "next";
import { PasswordLinkForm } from "~/components/access/password-link-form";

export const metadata: Metadata = { title: "Choose a password", referrer: "no-referrer" };

/** The page of an invitation or a reset link, whose token is behind `#`, so that the server does not see it here. */
export default function PasswordLinkPage() {
  return <PasswordLinkForm />;
}
