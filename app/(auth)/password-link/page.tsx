import type { Metadata } from "next";
import { PasswordLinkForm } from "~/components/access/password-link-form";

export const metadata: Metadata = { title: "Choose a password", referrer: "no-referrer" };

/** The page of an invitation or reset link. Its token is after `#`, so that requests for the page do not contain it. */
export default function PasswordLinkPage() {
  return <PasswordLinkForm />;
}
