"use client";

import { Field as Base } from "@base-ui/react/field";
import { Fieldset as BaseFieldset } from "@base-ui/react/fieldset";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";
import { LabelId } from "./field-label";

const LABEL = "inline-flex items-center gap-1.5 font-medium text-ink text-sm";

function Message({ error, description }: { error?: ReactNode; description?: ReactNode }) {
  return (
    <>
      {description ? <Base.Description className="text-muted text-xs">{description}</Base.Description> : null}
      {error ? (
        <Base.Error match className="flex items-start gap-1 text-danger-ink text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>{error}</span>
        </Base.Error>
      ) : null}
    </>
  );
}

interface FieldProps {
  label: ReactNode;
  /** Shown under the control as its `aria-describedby`. */
  description?: ReactNode;
  /** The validation error; marks the control invalid. */
  error?: ReactNode;
  required?: boolean;
  /** Right of the label: a link, a source badge. */
  aside?: ReactNode;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  /** `control`: the label is to the right of the control (checkbox, switch). */
  layout?: "stack" | "control";
  name?: string;
  disabled?: boolean;
  className?: string;
  /** One control, such as `Input`, `Select` or `Switch`. */
  children: ReactNode;
}

/** Label, one control, description and error, connected by `aria` attributes. */
export function Field({
  label,
  description,
  error,
  required,
  aside,
  hideLabel,
  layout = "stack",
  name,
  disabled,
  className,
  children,
}: FieldProps) {
  const labelId = useId();
  const labelNode = (
    <Base.Label id={labelId} className={cn(LABEL, hideLabel && "sr-only")}>
      {label}
      {required ? (
        <span aria-hidden className="text-danger-ink">
          *
        </span>
      ) : null}
    </Base.Label>
  );
  const control = <LabelId.Provider value={labelId}>{children}</LabelId.Provider>;
  const root = { name, disabled, invalid: error ? true : undefined };
  if (layout === "control") {
    return (
      <Base.Root {...root} className={cn("flex items-start gap-2.5", className)}>
        <span className="flex h-5 items-center">{control}</span>
        <div className="flex min-w-0 flex-col gap-0.5">
          {labelNode}
          <Message error={error} description={description} />
        </div>
      </Base.Root>
    );
  }
  return (
    <Base.Root {...root} className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      {aside ? (
        <div className="flex items-center justify-between gap-2">
          {labelNode}
          <span className="text-subtle text-xs">{aside}</span>
        </div>
      ) : (
        labelNode
      )}
      {control}
      <Message error={error} description={description} />
    </Base.Root>
  );
}

/** A group of controls under one legend: radio groups, related checkboxes. */
export function Fieldset({
  legend,
  description,
  className,
  children,
}: {
  legend: ReactNode;
  description?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <BaseFieldset.Root className={cn("flex min-w-0 flex-col gap-2", className)}>
      <BaseFieldset.Legend className={LABEL}>{legend}</BaseFieldset.Legend>
      {description ? <p className="text-muted text-xs">{description}</p> : null}
      {children}
    </BaseFieldset.Root>
  );
}
