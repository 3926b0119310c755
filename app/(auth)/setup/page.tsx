import type { Metadata } from "next";
import { SetupForm } from "~/components/access/setup-form";
import { ButtonLink } from "~/components/ui/button";
import { isSetupOpen } from "~/server/trpc/server";

export const metadata: Metadata = { title: "First account", referrer: "no-referrer" };

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await searchParams;
  if (typeof token !== "string" || !(await isSetupOpen(token))) return <SetupLinkInvalid />;
  return (
    <>
      <h1 className="mb-1 font-semibold text-lg">Create the first account</h1>
      <p className="mb-5 text-muted text-sm">
        This account gets the role Admin: it has all rights and can create more accounts.
      </p>
      <SetupForm token={token} />
    </>
  );
}

/** One text for every refused token, so that the page does not reveal why the token was refused. */
function SetupLinkInvalid() {
  return (
    <>
      <h1 className="mb-2 font-semibold text-lg">This setup link does not work</h1>
      <p className="mb-5 text-muted text-sm">
        The link is incomplete or has expired, or there already is an account. While there is no account,{" "}
        <code className="font-mono text-xs">npm start</code> prints a new link. Without{" "}
        <code className="font-mono text-xs">npm start</code>, open this page with the server's{" "}
        <code className="font-mono text-xs">SETUP_TOKEN</code>.
      </p>
      <ButtonLink variant="primary" href="/login" className="w-full justify-center">
        Go to sign-in
      </ButtonLink>
    </>
  );
}
