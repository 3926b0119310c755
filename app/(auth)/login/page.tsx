import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LoginForm } from "~/components/access/login-form";
import { safeNextPath } from "~/components/access/next-path";
import { callerOrUnknown } from "~/server/trpc/server";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const path = safeNextPath(typeof next === "string" ? next : null);
  // Unknown: the form says what is wrong when it is sent.
  const caller = await callerOrUnknown();
  if (caller !== null && caller !== "unknown") redirect(path);
  return (
    <>
      <h1 className="mb-5 font-semibold text-lg">Sign in</h1>
      <LoginForm next={path} />
      <p className="mt-5 border-t pt-4 text-muted text-xs">
        No account yet? Create the first one with the setup link. <code className="font-mono">npm start</code> prints
        it; otherwise open <code className="font-mono">/setup?token=</code> followed by the server's{" "}
        <code className="font-mono">SETUP_TOKEN</code>. Admins create more accounts under Settings.
      </p>
    </>
  );
}
