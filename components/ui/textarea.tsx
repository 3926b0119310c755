"use client";

import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { controlClasses } from "./control";

/** A text area, connected to its `Field` like `Input`. */
export function Textarea({ className, rows = 4, ...props }: ComponentProps<"textarea">) {
  return (
    <Field.Control
      render={<textarea rows={rows} {...props} className={cn(controlClasses, "h-auto resize-y py-1.5", className)} />}
    />
  );
}
