"use client";

import { json, jsonParseLinter } from "@codemirror/lang-json";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import CodeMirror, { Decoration, EditorView, MatchDecorator, Prec, ViewPlugin } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { useNonce } from "~/components/layout/nonce-provider";
import { JSON_STRING } from "~/components/ui/json-text";
import { useDark } from "~/components/ui/use-dark";
import { faultMarks, type PathFault } from "./fault-marks";

// CSS variables of the page, so that the editor follows the theme.
const THEME = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--ring)" },
  // The gutter and the text fill the minimum height of the editor.
  ".cm-gutter, .cm-content": { minHeight: "10rem" },
  ".cm-content": { fontFamily: "var(--font-geist-mono), monospace", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--subtle)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent) 30%, transparent) !important",
  },
  ".cm-json-key": { color: "var(--accent-ink)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
});

const KEY = Decoration.mark({ class: "cm-json-key" });
const KEYS = new MatchDecorator({
  regexp: JSON_STRING,
  decorate(add, from, _to, match) {
    const [whole, colon] = match;
    if (colon !== undefined) add(from, from + whole.length - colon.length, KEY);
  },
});
/** The colours of `JsonView`. Those of the library have red, which means a failure on this page. */
const colours = ViewPlugin.define(
  (view) => ({
    keys: KEYS.createDeco(view),
    update(update) {
      this.keys = KEYS.updateDeco(update, this.keys);
    },
  }),
  { decorations: ({ keys }) => keys },
);

const lintJson = jsonParseLinter();
const COMMON_EXTENSIONS = [
  // Takes precedence over the library's own styles.
  Prec.highest(THEME),
  json(),
  colours,
  EditorView.lineWrapping,
  lintGutter(),
];
/** The time without input after which the text is checked. */
const LINT_MS = 300;
const NO_FAULTS: readonly PathFault[] = [];

/** Marks text that is not JSON, and the places where it differs from a schema. */
function lintWith(faults: readonly PathFault[]) {
  return linter(
    (view): Diagnostic[] => {
      // An empty text is an empty object, not an error.
      const broken = view.state.doc.length === 0 ? [] : lintJson(view);
      if (broken.length > 0) return [...broken];
      return faultMarks(view.state.doc.toString(), faults).map((mark) => ({ ...mark, severity: "error" }));
    },
    { delay: LINT_MS },
  );
}

export interface JsonEditorProps {
  value: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  labelledBy: string;
  describedBy: string;
  invalid: boolean;
  /** Differences between the value and a schema, which are marked in the text. */
  faults?: readonly PathFault[];
}

/** A JSON editor. Tab moves the focus out, as in any field. */
export function JsonEditor({
  value,
  onChange,
  onBlur,
  labelledBy,
  describedBy,
  invalid,
  faults = NO_FAULTS,
}: JsonEditorProps) {
  const isDark = useDark();
  const nonce = useNonce();
  const extensions = useMemo(
    () => [
      ...COMMON_EXTENSIONS,
      lintWith(faults),
      EditorView.darkTheme.of(isDark),
      EditorView.cspNonce.of(nonce ?? ""),
      EditorView.contentAttributes.of({
        "aria-labelledby": labelledBy,
        "aria-describedby": describedBy,
        "aria-invalid": String(invalid),
      }),
    ],
    [isDark, nonce, labelledBy, describedBy, invalid, faults],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      onBlur={onBlur}
      extensions={extensions}
      theme="none"
      indentWithTab={false}
      minHeight="10rem"
      maxHeight="28rem"
      basicSetup={{ highlightActiveLine: false, foldGutter: true, autocompletion: false, syntaxHighlighting: false }}
    />
  );
}
