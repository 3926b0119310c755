import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A bare label for a control outside `Field`; give it `htmlFor`. */
export function Label({ className, htmlFor, children, ...props }: ComponentProps<"label"> & { htmlFor: string }) {
  return (
    <label htmlFor={htmlFor} className={cn("font-medium text-ink text-sm", className)} {...props}>
      {children}
    </label>
  );
}
