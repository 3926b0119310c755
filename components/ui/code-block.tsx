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
    <figure className={cn("flex items-start rounded-lg border bg-sunken", className)} aria-label={label}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        className={cn(
          "max-h-112 min-w-0 flex-1 overflow-auto p-3 font-mono text-xs leading-5",
          wrap && "whitespace-pre-wrap break-words",
        )}
      >
        <code>{code}</code>
      </pre>
      <div className="shrink-0 p-1.5">
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </figure>
  );
}
