"use client";

import type { ReactNode } from "react";
import { type FieldPathByValue, useController, useFormContext } from "react-hook-form";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { NumberField } from "~/components/ui/number-field";
import { Select, type SelectOption } from "~/components/ui/select";
import { Textarea } from "~/components/ui/textarea";
import { fieldAnchor } from "./field-focus";
import { FIELD_LABELS } from "./field-labels";
import { INTEGER_LIMITS } from "./form-limits";
import type { ScheduleFormValues } from "./schedule-form-model";

export function useScheduleForm() {
  return useFormContext<ScheduleFormValues>();
}

/** One field of the form: its value, its setter, its error. */
export function useScheduleField<Name extends keyof ScheduleFormValues>(name: Name) {
  const { control } = useScheduleForm();
  const { field, fieldState } = useController<ScheduleFormValues, Name>({ control, name });
  return { ...field, label: FIELD_LABELS[name], error: fieldState.error?.message };
}

/** Marks the place of a field, for the links of the error summary. */
export function Anchored({ name, children }: { name: keyof ScheduleFormValues; children: ReactNode }) {
  return (
    <div id={fieldAnchor(name)} className="contents">
      {children}
    </div>
  );
}

interface FieldProps<Value> {
  name: FieldPathByValue<ScheduleFormValues, Value> & keyof ScheduleFormValues;
  description?: ReactNode;
  required?: boolean;
  className?: string;
}

export function TextField({
  name,
  description,
  required,
  className,
  placeholder,
  mono,
}: FieldProps<string> & { placeholder?: string; mono?: boolean }) {
  const { label, error, ref, value, onChange, onBlur } = useScheduleField(name);
  return (
    <Anchored name={name}>
      <Field label={label} description={description} error={error} required={required} className={className}>
        <Input
          ref={ref}
          value={String(value)}
          onChange={onChange}
          onBlur={onBlur}
          placeholder={placeholder}
          spellCheck={!mono}
          autoComplete="off"
          className={mono ? "font-mono" : undefined}
        />
      </Field>
    </Anchored>
  );
}

export function TextAreaField({ name, description, className }: FieldProps<string>) {
  const { label, error, value, onChange, onBlur } = useScheduleField(name);
  return (
    <Anchored name={name}>
      <Field label={label} description={description} error={error} className={className}>
        <Textarea rows={3} value={String(value)} onChange={onChange} onBlur={onBlur} />
      </Field>
    </Anchored>
  );
}

export function IntegerField({
  name,
  description,
  className,
  unit,
}: Omit<FieldProps<number | null>, "name"> & { name: keyof typeof INTEGER_LIMITS; unit?: string }) {
  const { label, error, value, onChange } = useScheduleField(name);
  const { min, max } = INTEGER_LIMITS[name];
  return (
    <Anchored name={name}>
      <Field label={label} description={description} error={error} className={className}>
        <NumberField value={value as number | null} onValueChange={onChange} min={min} max={max} unit={unit} />
      </Field>
    </Anchored>
  );
}

export function ChoiceField<Value extends string>({
  name,
  description,
  className,
  options,
}: FieldProps<Value> & { options: readonly SelectOption<Value>[] }) {
  const { label, error, value, onChange } = useScheduleField(name);
  return (
    <Anchored name={name}>
      <Field label={label} description={description} error={error} className={className}>
        <Select value={value as Value} onValueChange={onChange} options={options} />
      </Field>
    </Anchored>
  );
}
