"use client";

import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldLabelId } from "./field-label";

/** A checkbox, 16 px in a 24 px target. Named by `Field layout="control"` or `aria-label`. */
export function Checkbox({
  className,
  ...props
}: Omit<ComponentProps<typeof Base.Root>, "className"> & { className?: string }) {
  const labelId = useFieldLabelId();
  return (
    <Base.Root
      aria-labelledby={props["aria-label"] ? undefined : labelId}
      className={cn(
        "relative flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-control bg-surface text-on-accent before:absolute before:-inset-1 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50",
        className,
      )}
      {...props}
    >
      <Base.Indicator className="flex data-unchecked:hidden">
        <Check aria-hidden className="size-3" strokeWidth={3} />
      </Base.Indicator>
    </Base.Root>
  );
}
