import type { Metadata } from "next";
import { RequiredSecondFactor } from "~/components/access/required-second-factor";
import { TRPCProvider } from "~/components/trpc/client";
import { safeNextPath } from "~/server/domain/next-path";

export const metadata: Metadata = { title: "Set up a second factor" };

export default async function SecondFactorPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const { next } = await searchParams;
  const path = safeNextPath(typeof next === "string" ? next : null);
  return (
    <>
      <h1 className="mb-1 font-semibold text-lg">Set up a second factor</h1>
      <p className="mb-5 text-muted text-sm">
        This installation requires a second factor. You need an authenticator app, such as those in password managers
        and on phones.
      </p>
      <TRPCProvider>
        <RequiredSecondFactor next={path} />
      </TRPCProvider>
    </>
  );
}
