"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react";
import { Dialog } from "~/components/ui/dialog";
import { Kbd } from "~/components/ui/kbd";
import { matchKey } from "./key-sequence";

export interface Shortcut {
  /** "j", "?", or two keys with a space: "g s". */
  keys: string;
  label: string;
  group: (typeof GROUPS)[number];
}

interface Binding extends Shortcut {
  run: () => void;
}

type Register = (binding: Binding) => () => void;

const ShortcutsContext = createContext<Register>(() => () => {});
const SEQUENCE_MS = 1000;
const TYPING =
  "input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";
const OVERLAY =
  "[role=dialog][data-open], [role=alertdialog][data-open], [role=menu][data-open], [role=listbox][data-open]";

/** Whether a plain key belongs to what has the focus, or to an open dialog or menu. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  return Boolean(target?.closest(TYPING)) || document.querySelector(OVERLAY) !== null;
}

/** Runs single-key shortcuts while `enabled`, and shows them all on `?`. */
export function ShortcutsProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const [bindings, setBindings] = useState<readonly Binding[]>([]);
  const [helpOpen, setHelpOpen] = useState(false);
  const pending = useRef({ key: "", at: 0 });

  const register = useCallback<Register>((binding) => {
    setBindings((all) => [...all, binding]);
    return () => setBindings((all) => all.filter((one) => one !== binding));
  }, []);

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (isTaken(event)) return;
    const recent = event.timeStamp - pending.current.at < SEQUENCE_MS ? pending.current.key : "";
    const keys = ["?", ...bindings.map((binding) => binding.keys)];
    const match = matchKey({ pending: recent, key: event.key, bindings: keys });
    pending.current = { key: match.pending, at: event.timeStamp };
    if (!match.run) return;
    event.preventDefault();
    // The one registered last wins: a page's search box before the palette.
    if (match.run === "?") setHelpOpen(true);
    else bindings.findLast((binding) => binding.keys === match.run)?.run();
  });

  useEffect(() => {
    if (!enabled) return;
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [enabled]);

  return (
    <ShortcutsContext value={register}>
      {children}
      <ShortcutsHelp open={helpOpen} onOpenChange={setHelpOpen} bindings={bindings} />
    </ShortcutsContext>
  );
}

/** Binds a shortcut while the component is mounted and `enabled`. */
export function useShortcut({ keys, label, group }: Shortcut, run: () => void, enabled = true): void {
  const register = useContext(ShortcutsContext);
  const current = useEffectEvent(run);
  useEffect(() => {
    if (!enabled) return;
    return register({ keys, label, group, run: () => current() });
  }, [register, keys, label, group, enabled]);
}

const GROUPS = ["General", "Go to", "Lists"] as const;
const ALWAYS: readonly Shortcut[] = [
  { keys: "Ctrl K", label: "Search and commands (⌘ K on a Mac)", group: "General" },
  { keys: "?", label: "This help", group: "General" },
  { keys: "Esc", label: "Close what is open", group: "General" },
];

function ShortcutsHelp({
  open,
  onOpenChange,
  bindings,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  bindings: readonly Shortcut[];
}) {
  const groups = useMemo(() => {
    const unique = [...new Map([...ALWAYS, ...bindings].map((shortcut) => [shortcut.keys, shortcut])).values()];
    return GROUPS.map((name) => ({ name, shortcuts: unique.filter((shortcut) => shortcut.group === name) })).filter(
      (group) => group.shortcuts.length > 0,
    );
  }, [bindings]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      description="They rest while you type, and can be switched off under Account."
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
