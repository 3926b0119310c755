import type { Metadata } from "next";
import { PageNotFound } from "./page-not-found";

export const metadata: Metadata = { title: "Not found" };

/** The page of a missing path if nobody is signed in, therefore without the frame. */
export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <PageNotFound />
    </main>
  );
}
