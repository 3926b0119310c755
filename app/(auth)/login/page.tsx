import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LoginForm } from "~/components/access/login-form";
import { safeNextPath } from "~/components/access/next-path";
import { Callout } from "~/components/ui/callout";
import { callerOrUnknown } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Sign in" };

/** Why the sign-in page is shown; null if the user opened it directly. */
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
  // Unknown while Redis does not respond: the form then shows the error when it is submitted.
  const caller = await callerOrUnknown();
  if (caller !== null && caller !== "unknown") redirect(path);
  const reason = signInReason({ why, path });
  return (
    <>
      <h1 className="mb-5 font-semibold text-lg">Sign in</h1>
      {reason ? (
        <Callout tone="info" className="mb-4">
          {reason}
        </Callout>
      ) : null}
      <LoginForm next={path} />
      <p className="mt-5 border-t pt-4 text-muted text-xs">
        No account yet? Ask an admin, who can create one under Settings. The first account needs the setup link:{" "}
        <code className="font-mono">npm start</code> prints it. If you started the server differently, open{" "}
        <code className="font-mono">/setup?token=</code> followed by the server's{" "}
        <code className="font-mono">SETUP_TOKEN</code>.
      </p>
    </>
  );
}
