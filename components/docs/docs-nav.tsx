"use client";

import { usePathname } from "next/navigation";
import { cn } from "~/components/ui/cn";
import { Link } from "~/components/ui/link";

export interface DocsNavGroup {
  label: string;
  links: readonly { href: string; label: string }[];
}

/** The list of guides and of the parts of the API reference: a column on wide screens, a menu to open on others. */
export function DocsNav({ groups }: { groups: readonly DocsNavGroup[] }) {
  const pathname = usePathname();
  const current = groups
    .flatMap(({ label: group, links }) => links.map((link) => ({ ...link, group })))
    .find(({ href }) => href === pathname);
  return (
    <>
      <nav
        aria-label="Documentation"
        // Fades out at its lower end, to show that it can be scrolled.
        className="sticky top-20 max-h-[calc(100dvh-6rem-var(--strip-height))] w-52 shrink-0 self-start overflow-y-auto pb-10 [mask-image:linear-gradient(to_top,transparent,black_2.5rem)] max-lg:hidden"
      >
        <Groups groups={groups} pathname={pathname} />
      </nav>
      {/* Closed again on the next page, which has another key. */}
      <details key={pathname} className="mb-4 rounded-lg border bg-surface lg:hidden">
        <summary className="px-3 py-2 font-medium text-sm">
          {current ? `${current.group}: ${current.label}` : "Documentation"}
        </summary>
        <nav aria-label="Documentation" className="border-t p-3">
          <Groups groups={groups} pathname={pathname} />
        </nav>
      </details>
    </>
  );
}

function Groups({ groups, pathname }: { groups: readonly DocsNavGroup[]; pathname: string }) {
  return groups.map(({ label, links }) => (
    <div key={label} className="not-last:mb-4">
      <p className="mb-1 px-2 font-medium text-subtle text-xs">{label}</p>
      <ul className="flex flex-col gap-0.5">
        {links.map((link) => (
          <li key={link.href}>
            <Link
              href={link.href}
              aria-current={link.href === pathname ? "page" : undefined}
              className={cn(
                "block rounded-md px-2 py-1 text-muted text-sm hover:bg-hover hover:text-ink",
                link.href === pathname && "bg-line font-medium text-ink hover:bg-line",
              )}
            >
              {link.label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
