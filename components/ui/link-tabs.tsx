"use client";

import type { ReactNode } from "react";
import { cn } from "./cn";
import { Link } from "./link";
import { useScrollEdges } from "./scroll-edges";

const LIST = "peer relative overflow-x-auto border-b [scrollbar-width:none]";
/** Fades out a side, to show that the list scrolls. */
const FADE = "pointer-events-none absolute top-0 bottom-px w-8 from-canvas to-transparent opacity-0";
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
  const list = tab?.closest("nav");
  if (tab && list) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
}

/** Tabs with a URL each, so that back and reload work. */
export function LinkTabs({ tabs, label }: { tabs: readonly LinkTab[]; label: string }) {
  const { ref } = useScrollEdges();
  return (
    <div className="relative min-w-0">
      <nav ref={ref} aria-label={label} className={LIST}>
        <div className="flex w-max min-w-full gap-1">
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
        </div>
      </nav>
      <span aria-hidden className={cn(FADE, "left-0 bg-linear-to-r peer-data-before:opacity-100")} />
      <span aria-hidden className={cn(FADE, "right-0 bg-linear-to-l peer-data-after:opacity-100")} />
    </div>
  );
}
