"use client";

import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { lazyComponent } from "~/components/ui/lazy-component";
import { useLoadLater } from "~/components/ui/use-load-later";
import type { JsonEditorProps } from "./json-editor";

const editor = lazyComponent<JsonEditorProps>(() => import("./json-editor").then((module) => module.JsonEditor));

/**
 * JSON text in the editor. The editor is large, so it loads after the page. A plain text area is shown until then, and
 * while the text area has the focus.
 */
export function PayloadText(props: JsonEditorProps) {
  const { value, onChange, onBlur, labelledBy, describedBy, invalid } = props;
  const [isReplaced, setReplaced] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const Editor = editor.useLoaded();
  useLoadLater(editor.load);
  useEffect(() => {
    if (!Editor) return;
    // Checks and replaces in one task: a focus in between would be lost, with the text that is typed.
    queueMicrotask(() => {
      if (document.activeElement !== area.current) flushSync(() => setReplaced(true));
    });
  }, [Editor]);
  if (Editor && isReplaced) return <Editor {...props} />;
  return (
    <textarea
      ref={area}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => {
        onBlur();
        // If the window loses the focus, the area stays the active element, and gets the focus back with the window.
        if (Editor && document.activeElement !== area.current) setReplaced(true);
      }}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      spellCheck={false}
      className="field-sizing-content block max-h-112 min-h-40 w-full resize-none bg-surface p-1.5 font-mono text-xs outline-none focus:outline-2 focus:outline-ring"
    />
  );
}
