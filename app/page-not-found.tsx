import { SearchX } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";

export function PageNotFound() {
  return (
    <EmptyState
      isPage
      icon={<SearchX />}
      title="Page not found"
      action={
        // A plain link: every page loads the scripts of this one, so a ButtonLink would make all pages larger.
        <a
          href="/"
          className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-on-accent text-sm"
        >
          Go to overview
        </a>
      }
    >
      Check the address. The page may have been moved or deleted.
    </EmptyState>
  );
}
