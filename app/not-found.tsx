import type { Metadata } from "next";
import { PageNotFound } from "./page-not-found";

export const metadata: Metadata = { title: "Not found" };

/** The page of a missing path for visitors who are not signed in. */
export default function NotFound() {
  return (
    <main className="flex min-h-[calc(100dvh-var(--strip-height))] items-center justify-center">
      <PageNotFound />
    </main>
  );
}
