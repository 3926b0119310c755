"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import { lazyComponent } from "~/components/ui/lazy-component";
import { matchKey } from "./key-sequence";
import type { Shortcut } from "./shortcut";
import type { ShortcutsHelpProps } from "./shortcuts-help";

const help = lazyComponent<ShortcutsHelpProps>(() => import("./shortcuts-help").then((module) => module.ShortcutsHelp));

interface Binding extends Shortcut {
  run: () => void;
}

type Register = (binding: Binding) => () => void;

const ShortcutsContext = createContext<Register>(() => () => {});
/** Time within which the second key of a sequence must follow the first. */
const SEQUENCE_MS = 1000;
/** Elements in which letters are text. */
export const TEXT_FIELDS =
  "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";
const OVERLAY =
  "[role=dialog][data-open], [role=alertdialog][data-open], [role=menu][data-open], [role=listbox][data-open]";

/** Whether a modifier other than Shift is pressed, or a text field, a dialog or a menu handles the key. */
function isNoShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  return Boolean(target?.closest(TEXT_FIELDS)) || document.querySelector(OVERLAY) !== null;
}

/** Runs shortcuts of one key, or of two keys in sequence, while `enabled`. Lists them on `?`. */
export function ShortcutsProvider({ enabled, children }: { enabled: boolean; children: ReactNode }) {
  const [bindings, setBindings] = useState<readonly Binding[]>([]);
  const [helpOpen, setHelpOpen] = useState(false);
  const pending = useRef({ key: "", at: 0 });
  const Help = help.useLoaded();

  const register = useCallback<Register>((binding) => {
    setBindings((all) => [...all, binding]);
    return () => setBindings((all) => all.filter((one) => one !== binding));
  }, []);

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (isNoShortcut(event)) return;
    const recent = event.timeStamp - pending.current.at < SEQUENCE_MS ? pending.current.key : "";
    const keys = ["?", ...bindings.map((binding) => binding.keys)];
    const match = matchKey({ pending: recent, key: event.key, bindings: keys });
    pending.current = { key: match.pending, at: event.timeStamp };
    if (!match.run) return;
    event.preventDefault();
    if (match.run === "?") {
      help.load();
      setHelpOpen(true);
    } else {
      // If two bindings have the same keys, the last registered runs: on a page with a search box, `/` focuses the box
      // instead of opening the palette.
      bindings.findLast((binding) => binding.keys === match.run)?.run();
    }
  });

  useEffect(() => {
    if (!enabled) return;
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [enabled]);

  return (
    <ShortcutsContext value={register}>
      {children}
      {Help ? <Help open={helpOpen} onOpenChange={setHelpOpen} bindings={bindings} /> : null}
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
