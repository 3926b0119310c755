import type { Metadata } from "next";
import { LoginForm } from "~/components/access/login-form";
import { ProviderLink } from "~/components/access/provider-link";
import { Callout } from "~/components/ui/callout";
import { safeNextPath } from "~/server/domain/next-path";
import { needsFirstAccount, signInProvider } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Sign in" };

/** Why a sign-in through the identity provider failed, by the value of the parameter `why`. */
const REFUSALS: Readonly<Record<string, string>> = {
  "sso-no_role": "None of your groups at the identity provider gives you a role here. Ask an admin.",
  "sso-unverified": "The identity provider has no confirmed e-mail address for you.",
  "sso-not_linked":
    "Your e-mail address already has an account here, and the identity provider does not confirm that the address is yours. Ask an admin.",
  "sso-unavailable": "The server could not complete the sign-in. Try again in a moment.",
  "sso-failed": "The sign-in through the identity provider failed. Try again.",
};

/** Why the sign-in page is shown; null if nothing needs an explanation, as for the address `/login` alone. */
function signInReason({ why, path }: { why: unknown; path: string }): string | null {
  if (why === "signed-out") return "You are signed out.";
  if (why === "expired") return "Your session has ended. Sign in to continue where you were.";
  return path === "/" ? null : "Sign in to open that page.";
}

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<"next" | "why", string | string[] | undefined>>;
}) {
  const { next, why } = await searchParams;
  const path = safeNextPath(typeof next === "string" ? next : null);
  const reason = signInReason({ why, path });
  const refusal = typeof why === "string" ? REFUSALS[why] : undefined;
  const [provider, isFirst] = await Promise.all([signInProvider(), needsFirstAccount()]);
  return (
    <>
      <h1 className="mb-5 font-semibold text-lg">Sign in</h1>
      {refusal ? (
        <Callout tone="danger" className="mb-4">
          {refusal}
        </Callout>
      ) : null}
      {reason && !refusal ? (
        <Callout tone="info" className="mb-4">
          {reason}
        </Callout>
      ) : null}
      <LoginForm next={path} before={provider === null ? null : <ProviderLink name={provider} next={path} />} />
      <p className="mt-5 border-t pt-4 text-muted text-xs">
        {isFirst ? <FirstAccountHelp /> : "No account yet? Ask an admin."}
      </p>
    </>
  );
}

function FirstAccountHelp() {
  return (
    <>
      There is no account yet. The first account needs the setup link: <code className="font-mono">npm start</code>{" "}
      prints it. If you started the server differently, open{" "}
      <code className="whitespace-nowrap font-mono">/setup?token=</code> followed by the server's{" "}
      <code className="font-mono">SETUP_TOKEN</code>.
    </>
  );
}
