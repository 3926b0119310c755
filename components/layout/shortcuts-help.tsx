"use client";

import { useMemo } from "react";
import { Dialog } from "~/components/ui/dialog";
import { Kbd } from "~/components/ui/kbd";
import { SHORTCUT_GROUPS, type Shortcut } from "./shortcut";

/** Shortcuts that work on every page without a registration. */
const ALWAYS: readonly Shortcut[] = [
  { keys: "Ctrl K", label: "Search and commands (⌘ K on a Mac)", group: "General" },
  { keys: "?", label: "Show shortcuts", group: "General" },
  { keys: "Esc", label: "Close dialog or menu", group: "General" },
];

export interface ShortcutsHelpProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  bindings: readonly Shortcut[];
}

/** Lists the keyboard shortcuts that work on the current page. */
export function ShortcutsHelp({ open, onOpenChange, bindings }: ShortcutsHelpProps) {
  const groups = useMemo(() => {
    const unique = [...new Map([...ALWAYS, ...bindings].map((shortcut) => [shortcut.keys, shortcut])).values()];
    return SHORTCUT_GROUPS.map((name) => ({
      name,
      shortcuts: unique.filter((shortcut) => shortcut.group === name),
    })).filter((group) => group.shortcuts.length > 0);
  }, [bindings]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      description="You can turn them off under Account, except Ctrl K and Esc. The others are inactive while you type."
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(({ name, shortcuts }) => (
          <section key={name}>
            <h3 className="mb-1 text-muted text-xs">{name}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.keys} className="flex items-center justify-between gap-4 py-1 text-sm">
                  <dt>{shortcut.label}</dt>
                  <dd className="flex gap-1">
                    {shortcut.keys.split(" ").map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
