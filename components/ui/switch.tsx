"use client";

import { Switch as Base } from "@base-ui/react/switch";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldLabelId } from "./field-label";

/** An on/off switch. Named by its `Field` or by `aria-label`. */
export function Switch({
  className,
  ...props
}: Omit<ComponentProps<typeof Base.Root>, "className"> & { className?: string }) {
  const labelId = useFieldLabelId();
  return (
    <Base.Root
      aria-labelledby={props["aria-label"] ? undefined : labelId}
      className={cn(
        "relative flex h-5 w-8.5 shrink-0 items-center rounded-full bg-line-control p-0.5 transition-colors before:absolute before:-inset-0.5 data-checked:bg-accent data-disabled:opacity-50",
        className,
      )}
      {...props}
    >
      <Base.Thumb className="size-4 rounded-full bg-white shadow-sm transition-transform data-checked:translate-x-3.5" />
    </Base.Root>
  );
}
