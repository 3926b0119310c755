import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "./link";

/** A breadcrumb; the last item is the page itself and has no link. */
export function Breadcrumb({ items }: { items: readonly { label: ReactNode; href?: string }[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-muted text-sm">
        {items.map((item, index) => (
          <li key={item.href ?? "here"} className="flex min-w-0 items-center gap-1">
            {index > 0 ? <ChevronRight aria-hidden className="size-3.5 text-subtle" /> : null}
            {item.href ? (
              <Link href={item.href} className="rounded hover:text-ink hover:underline">
                {item.label}
              </Link>
            ) : (
              <span aria-current="page" className="truncate text-ink">
                {item.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
