"use client";

import { json, jsonParseLinter } from "@codemirror/lang-json";
import { linter, lintGutter } from "@codemirror/lint";
import CodeMirror, { EditorView } from "@uiw/react-codemirror";
import { useMemo } from "react";

// CSS variables of the page, so that the editor follows the theme.
const THEME = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--ring)" },
  ".cm-content": { fontFamily: "var(--font-geist-mono), monospace", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--subtle)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent) 30%, transparent) !important",
  },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
});

const parse = jsonParseLinter();
const COMMON = [
  THEME,
  json(),
  EditorView.lineWrapping,
  // An empty text is an empty object, not an error.
  linter((view) => (view.state.doc.length === 0 ? [] : parse(view))),
  lintGutter(),
];

/** A JSON editor. Tab moves the focus out, as in any field. Loaded lazily: it is the largest part of the form. */
export default function JsonEditor({
  value,
  onChange,
  onBlur,
  labelledBy,
  describedBy,
  invalid,
}: {
  value: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  labelledBy: string;
  describedBy: string;
  invalid: boolean;
}) {
  const extensions = useMemo(
    () => [
      ...COMMON,
      EditorView.contentAttributes.of({
        "aria-labelledby": labelledBy,
        "aria-describedby": describedBy,
        "aria-invalid": String(invalid),
      }),
    ],
    [labelledBy, describedBy, invalid],
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
      basicSetup={{ highlightActiveLine: false, foldGutter: true, autocompletion: false }}
    />
  );
}
