import { SearchX } from "lucide-react";
import { EmptyState } from "~/components/ui/empty-state";

export function PageNotFound() {
  return (
    <EmptyState
      isPage
      icon={<SearchX />}
      title="Page not found"
      action={
        // A plain link, because all pages load this component's scripts, and a ButtonLink would make them larger.
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
