"use client";

import { Input as Base } from "@base-ui/react/input";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { ControlFrame, controlClasses } from "./control";

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
    <ControlFrame className={className} leading={leading} trailing={trailing}>
      <Base className={cn("peer", controlClasses, leading && "pl-8", trailing && "pr-14")} {...props} />
    </ControlFrame>
  );
}
