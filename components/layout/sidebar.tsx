"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { usePathname } from "next/navigation";
import { cn } from "~/components/ui/cn";
import { IconButton } from "~/components/ui/icon-button";
import { Link } from "~/components/ui/link";
import { Tooltip } from "~/components/ui/tooltip";
import { Logo } from "./logo";
import { isCurrent, NAV, type NavItem } from "./nav";
import { usePreferences } from "./preferences-provider";

/** The list of navigation items, used in the sidebar and on small screens. */
export function NavList({ narrow = false, onNavigate }: { narrow?: boolean; onNavigate?: () => void }) {
  const pathname = usePathname();
  return (
    <ul className="flex flex-col gap-0.5">
      {NAV.map((item) => (
        <li key={item.href}>
          <NavLink item={item} current={isCurrent(item.href, pathname)} narrow={narrow} onNavigate={onNavigate} />
        </li>
      ))}
    </ul>
  );
}

function NavLink({
  item,
  current,
  narrow,
  onNavigate,
}: {
  item: NavItem;
  current: boolean;
  narrow: boolean;
  onNavigate?: () => void;
}) {
  const link = (
    <Link
      href={item.href}
      onClick={onNavigate}
      aria-current={current ? "page" : undefined}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-muted text-sm transition-colors hover:bg-hover hover:text-ink",
        current && "bg-line text-ink hover:bg-line",
        narrow && "justify-center px-0",
      )}
    >
      <item.Icon aria-hidden className={cn("size-4 shrink-0", current && "text-accent-ink")} />
      <span className={narrow ? "sr-only" : "flex-1 truncate"}>{item.label}</span>
    </Link>
  );
  return narrow ? (
    <Tooltip side="right" content={item.label}>
      {link}
    </Tooltip>
  ) : (
    link
  );
}

/** The product name, a link to the overview. */
export function Brand({ narrow = false, onNavigate }: { narrow?: boolean; onNavigate?: () => void }) {
  return (
    <Link href="/" onClick={onNavigate} className="flex items-center gap-2.5 rounded-md font-semibold text-base">
      <Logo className="size-6 shrink-0" />
      <span className={narrow ? "sr-only" : "truncate tracking-tight"}>Stufio Schedules</span>
    </Link>
  );
}

/** The navigation on wide screens; can be collapsed to icons. */
export function Sidebar() {
  const { sidebar, set } = usePreferences();
  const narrow = sidebar === "narrow";
  return (
    <nav
      aria-label="Main"
      className={cn(
        "sticky top-0 flex h-[calc(100dvh-var(--strip-height))] shrink-0 flex-col border-r bg-sunken max-lg:hidden",
        narrow ? "w-14" : "w-56",
      )}
    >
      <div className={cn("flex h-(--topbar-height) items-center px-4", narrow && "justify-center px-0")}>
        <Brand narrow={narrow} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <NavList narrow={narrow} />
      </div>
      <div className={cn("flex p-2", narrow ? "justify-center" : "justify-end")}>
        <IconButton
          label={narrow ? "Expand navigation" : "Collapse navigation"}
          icon={narrow ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
          onClick={() => set("sidebar", narrow ? "open" : "narrow")}
        />
      </div>
    </nav>
  );
}
