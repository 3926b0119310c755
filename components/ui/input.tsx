"use client";

import { Input as Base } from "@base-ui/react/input";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** The look of every text control; `data-invalid` comes from an enclosing `Field`. */
export const controlClasses =
  "h-8 w-full min-w-0 rounded-md border border-line-control bg-surface px-2.5 text-sm text-ink placeholder:text-subtle disabled:cursor-not-allowed disabled:opacity-60 data-invalid:border-danger aria-invalid:border-danger focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring pointer-coarse:text-[1rem]";

export type InputProps = Omit<ComponentProps<typeof Base>, "className"> & {
  className?: string;
  /** Decoration inside the left edge. */
  leading?: ReactNode;
  /** Content inside the right edge: a unit, a key hint. */
  trailing?: ReactNode;
};

/** A text input. Inside `Field`, the label, description and error are connected to the input. */
export function Input({ className, leading, trailing, ...props }: InputProps) {
  if (!leading && !trailing) return <Base className={cn(controlClasses, className)} {...props} />;
  return (
    <div className={cn("relative flex items-center", className)}>
      {leading ? (
        <span className="pointer-events-none absolute left-2.5 flex text-subtle [&_svg]:size-4">{leading}</span>
      ) : null}
      <Base className={cn(controlClasses, leading && "pl-8", trailing && "pr-14")} {...props} />
      {trailing ? (
        <span className="absolute right-2 flex items-center gap-1 text-subtle text-xs">{trailing}</span>
      ) : null}
    </div>
  );
}
