"use client";

import type { ReactNode } from "react";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { useScrollEdges } from "./scroll-edges";

/**
 * Code or a command, scrolling in its own box, with a copy button. `label` names the region. Code that continues beyond
 * the right edge fades out there.
 */
export function CodeBlock({
  code,
  label,
  wrap = false,
  className,
  children,
}: {
  code: string;
  label: string;
  wrap?: boolean;
  className?: string;
  /** The code as shown, with colours or truncated. The copy button copies `code`. */
  children?: ReactNode;
}) {
  const { ref } = useScrollEdges();
  return (
    <figure
      // The focus ring surrounds the whole box, because the scroller ends before the copy button.
      className={cn(
        "flex items-start rounded-lg border bg-sunken has-[pre:focus-visible]:outline-2 has-[pre:focus-visible]:outline-ring",
        className,
      )}
      aria-label={label}
    >
      <div className="relative min-w-0 flex-1">
        <pre
          ref={ref}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1)
          tabIndex={0}
          className={cn(
            "peer max-h-112 overflow-auto font-mono text-xs leading-5 outline-none",
            wrap && "whitespace-pre-wrap break-words",
          )}
        >
          <code className={cn("block p-3", !wrap && "w-max min-w-full")}>{children ?? code}</code>
        </pre>
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-0 w-8 bg-linear-to-l from-sunken to-transparent opacity-0 peer-data-after:opacity-100"
        />
      </div>
      <div className="shrink-0 p-1.5">
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </figure>
  );
}
