"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { CornerDownLeft, CornerDownRight, History, Search, TextSearch } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useEffectEvent, useMemo, useState } from "react";
import { NAV } from "~/components/layout/nav";
import { cn } from "~/components/ui/cn";
import { backdropClasses } from "~/components/ui/dialog";
import { Kbd } from "~/components/ui/kbd";
import { popupItemClasses } from "~/components/ui/popup";
import { Spinner } from "~/components/ui/spinner";
import { failureText } from "./collect";
import { PLACES } from "./places";
import { recentSchedules } from "./recent-schedules";
import { recentSearches } from "./recent-searches";

export interface PaletteItem {
  id: string;
  label: string;
  keywords?: string;
  icon?: ReactNode;
  hint?: string;
  /** The palette stays open after the item is chosen. */
  staysOpen?: true;
  run: () => void;
}

export interface PaletteGroup {
  value: string;
  items: PaletteItem[];
}

export interface PaletteFound {
  groups: PaletteGroup[];
  /** Shown after the actions and the pages. */
  laterGroups: PaletteGroup[];
  /** Display names of the parts that could not be searched, such as "topics". */
  failed: readonly string[];
}

/** Searches for the text. A change of the text aborts `signal`, and the palette then ignores the answer. */
export type PaletteSearch = (text: string, signal: AbortSignal) => Promise<PaletteFound>;

const SEARCH_PAUSE_MS = 150;

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  actions?: readonly PaletteItem[];
  search?: PaletteSearch;
}

/** The command palette: pages, settings, actions, schedules by name with their actions, ids, documents, searches. */
export function CommandPalette({ open, onOpenChange, actions, search }: CommandPaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClasses} />
        <Dialog.Popup
          aria-label="Search and commands"
          className="fixed top-[min(16dvh,8rem)] left-1/2 z-50 flex max-h-[min(30rem,calc(100dvh-10rem))] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-xl bg-raised text-ink shadow-pop outline-none transition-[scale,opacity] duration-100 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0"
        >
          <Palette actions={actions} search={search} close={() => onOpenChange(false)} />
          <Dialog.Close className="sr-only">Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Found = PaletteFound & { text: string };

// Mounted only while the palette is open, so each opening starts with an empty text.
function Palette({
  actions = [],
  search,
  close,
}: Pick<CommandPaletteProps, "actions" | "search"> & { close: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [recent] = useState(() => recentSchedules.read(localStorage));
  const [searches] = useState(() => recentSearches.read(localStorage));
  const [found, setFound] = useState<Found>({ text: "", groups: [], laterGroups: [], failed: [] });
  const runSearch = useEffectEvent((query: string, signal: AbortSignal) => search?.(query, signal));
  const isSearching = search !== undefined && text.trim() !== "" && found.text !== text.trim();

  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      runSearch(wanted, abort.signal)?.then(
        (answer) => {
          if (!abort.signal.aborted) setFound({ text: wanted, ...answer });
        },
        () => {
          if (!abort.signal.aborted)
            setFound({ text: wanted, groups: [], laterGroups: [], failed: ["everything else"] });
        },
      );
    }, SEARCH_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);

  const groups = useMemo(() => {
    const go = (href: string) => () => router.push(href);
    const matches = (item: PaletteItem) =>
      `${item.label} ${item.keywords ?? ""}`.toLowerCase().includes(text.trim().toLowerCase());
    const pages = NAV.map(({ href, label, Icon, key }) => ({
      id: href,
      label,
      icon: <Icon aria-hidden />,
      hint: `g ${key}`,
      run: go(href),
    }));
    const isTyped = text.trim() !== "";
    const places = isTyped
      ? PLACES.map((place) => ({
          ...place,
          id: place.href,
          icon: <CornerDownRight aria-hidden />,
          run: go(place.href),
        }))
      : [];
    const recentItems = recent.map(({ scheduleId, label, topic }) => ({
      id: `recent ${scheduleId}`,
      label,
      hint: topic,
      icon: <History aria-hidden />,
      run: go(`/schedules/${scheduleId}`),
    }));
    const searchItems = searches.map((search) => ({
      id: `search ${search}`,
      label: search,
      icon: <TextSearch aria-hidden />,
      staysOpen: true as const,
      run: () => setText(search),
    }));
    const recents = [
      { value: "Recent schedules", items: recentItems },
      { value: "Recent searches", items: searchItems },
    ];
    const all: PaletteGroup[] = [
      ...(isTyped ? found.groups : recents),
      { value: "Actions", items: actions.filter(matches) },
      { value: "Pages", items: [...pages, ...places].filter(matches) },
      ...(isTyped ? found.laterGroups : []),
    ];
    return all.filter((group) => group.items.length > 0);
  }, [actions, found, recent, router, searches, text]);

  const choose = (item: PaletteItem) => {
    if (!item.staysOpen) {
      if (text.trim() !== "") recentSearches.remember(localStorage, text.trim());
      close();
    }
    item.run();
  };

  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={groups}
      value={text}
      onValueChange={(next, details) => {
        // Choosing an item must not write its label into the input.
        if (details.reason !== "item-press") setText(next);
      }}
      itemToStringValue={(item: PaletteItem) => item.label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4 shrink-0 text-subtle" />
        <Autocomplete.Input
          aria-label="Search schedules, executions, pages and actions"
          placeholder="Search, or type “pause invoice”…"
          className="h-12 w-full bg-transparent text-base outline-none placeholder:text-subtle pointer-coarse:text-[1rem]"
        />
        {isSearching ? <Spinner className="text-subtle" /> : <Kbd>Esc</Kbd>}
      </div>
      <section
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none"
        // Scrollable without a pointer, as WCAG 2.1.1 asks.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be focusable
        tabIndex={0}
        aria-label="Results"
      >
        <Autocomplete.Empty className="px-4 py-8 text-center text-muted text-sm empty:hidden">
          {isSearching ? "Searching…" : "Nothing matches."}
        </Autocomplete.Empty>
        <Autocomplete.List className="p-2 data-empty:p-0">
          {(group: PaletteGroup) => (
            <Autocomplete.Group key={group.value} items={group.items} className="not-last:mb-2">
              <Autocomplete.GroupLabel className="px-2 py-1 text-subtle text-xs">{group.value}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(item: PaletteItem) => (
                  <Autocomplete.Item
                    key={item.id}
                    value={item}
                    onClick={() => choose(item)}
                    className={cn(popupItemClasses, "min-h-9 [&_svg]:text-muted")}
                  >
                    {item.icon}
                    <span className="min-w-0 flex-1 truncate">{item.label}</span>
                    {item.hint ? <span className="shrink-0 text-muted text-xs">{item.hint}</span> : null}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
        {found.failed.length > 0 && !isSearching && text.trim() !== "" ? (
          <p role="status" className="px-4 pb-3 text-danger-ink text-xs">
            {failureText(found.failed)}
          </p>
        ) : null}
      </section>
      <div className="flex items-center gap-1.5 border-t px-4 py-2 text-muted text-xs">
        <CornerDownLeft aria-hidden className="size-3.5 shrink-0" />
        <span className="whitespace-nowrap">to choose</span>
        <span className="ml-auto text-right max-sm:hidden">
          Or begin with run, pause, resume, edit, duplicate, delete or why
        </span>
      </div>
    </Autocomplete.Root>
  );
}
