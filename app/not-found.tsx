import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import { ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={<SearchX />}
        title="Page not found"
        action={
          <ButtonLink variant="primary" href="/">
            Go to overview
          </ButtonLink>
        }
      >
        Check the address. The page may have been moved or deleted.
      </EmptyState>
    </main>
  );
}
