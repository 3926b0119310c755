"use client";

import { json, jsonParseLinter } from "@codemirror/lang-json";
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import CodeMirror, { EditorView, Prec } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { useNonce } from "~/components/layout/nonce-provider";
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
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
});

const lintJson = jsonParseLinter();
const COMMON_EXTENSIONS = [
  // Takes precedence over the library's dark theme, which then only sets the colours of the JSON.
  Prec.highest(THEME),
  json(),
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
      EditorView.cspNonce.of(nonce ?? ""),
      EditorView.contentAttributes.of({
        "aria-labelledby": labelledBy,
        "aria-describedby": describedBy,
        "aria-invalid": String(invalid),
      }),
    ],
    [nonce, labelledBy, describedBy, invalid, faults],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      onBlur={onBlur}
      extensions={extensions}
      theme={isDark ? "dark" : "none"}
      indentWithTab={false}
      minHeight="10rem"
      maxHeight="28rem"
      basicSetup={{ highlightActiveLine: false, foldGutter: true, autocompletion: false }}
    />
  );
}
