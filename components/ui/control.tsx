import type { ReactNode } from "react";
import { cn } from "./cn";

// Not in `input.tsx`, so that lists do not load the Base UI parts of `Field`.

/** The look of inputs, text areas, selects and comboboxes; `data-invalid` comes from an enclosing `Field`. */
export const controlClasses =
  "h-8 w-full min-w-0 rounded-md border border-line-control bg-surface px-2.5 text-sm text-ink placeholder:text-subtle disabled:cursor-not-allowed disabled:opacity-60 data-invalid:border-danger aria-invalid:border-danger focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring pointer-coarse:text-[1rem]";

/** A text control with content inside its edges. */
export function ControlFrame({
  className,
  leading,
  trailing,
  children,
}: {
  className?: string;
  /** Decoration inside the left edge. */
  leading?: ReactNode;
  /** Content inside the right edge: a unit, a key hint. */
  trailing?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={cn("relative flex items-center", className)}>
      {leading ? (
        <span className="pointer-events-none absolute left-2.5 flex text-subtle [&_svg]:size-4">{leading}</span>
      ) : null}
      {children}
      {trailing ? (
        <span className="absolute right-[11px] flex items-center gap-1 text-subtle text-xs peer-disabled:opacity-60">
          {trailing}
        </span>
      ) : null}
    </div>
  );
}
