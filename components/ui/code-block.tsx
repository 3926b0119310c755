"use client";

import { cn } from "./cn";
import { CopyButton } from "./copy-button";

/** Code or a command, scrolling in its own box, with a copy button. `label` names the region. */
export function CodeBlock({
  code,
  label,
  wrap = false,
  className,
}: {
  code: string;
  label: string;
  wrap?: boolean;
  className?: string;
}) {
  return (
    <figure className={cn("relative rounded-lg border bg-sunken", className)} aria-label={label}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        className={cn(
          "max-h-112 overflow-auto p-3 pr-11 font-mono text-xs leading-5",
          wrap && "whitespace-pre-wrap break-words",
        )}
      >
        <code>{code}</code>
      </pre>
      <div className="absolute top-1.5 right-1.5 rounded-md bg-sunken">
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </figure>
  );
}
