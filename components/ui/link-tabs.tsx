"use client";

import type { ReactNode } from "react";
import { cn } from "./cn";
import { Link } from "./link";

const LIST = "relative flex gap-1 overflow-x-auto border-b [scrollbar-width:none]";
const TAB =
  "-mb-px relative flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-2.5 font-medium text-muted text-sm outline-offset-[-2px] hover:text-ink";
const CURRENT = "border-accent text-ink";

function Count({ value }: { value: ReactNode }) {
  return <span className="rounded-full bg-hover px-1.5 text-muted text-xs">{value}</span>;
}

export interface LinkTab {
  href: string;
  label: ReactNode;
  /** Already formatted: "12", "1,000+". */
  count?: ReactNode;
  current: boolean;
}

/** Centres the current tab in a list that is wider than the screen. */
function scrollToTab(tab: HTMLElement | null) {
  const list = tab?.parentElement;
  if (tab && list) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
}

/** Tabs with a URL each, so that back and reload work. */
export function LinkTabs({ tabs, label }: { tabs: readonly LinkTab[]; label: string }) {
  return (
    <nav aria-label={label} className={LIST}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          ref={tab.current ? scrollToTab : undefined}
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
          className={cn(TAB, tab.current && CURRENT)}
        >
          {tab.label}
          {tab.count === undefined ? null : <Count value={tab.count} />}
        </Link>
      ))}
    </nav>
  );
}
