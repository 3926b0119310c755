import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { callerOrUnknown } from "~/server/trpc/server";
import DashboardLayout from "../(dashboard)/layout";

/**
 * Keeps the navigation around a missing page; without a session, the page has no frame. This layout is not in the
 * `(dashboard)` group, because the loading state of that group would be sent first, with status 200 instead of 404.
 */
export default async function MissingLayout({ children }: { children: ReactNode }) {
  if ((await callerOrUnknown()) === null) notFound();
  return <DashboardLayout>{children}</DashboardLayout>;
}
