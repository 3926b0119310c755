"use client";

import type { ReactNode } from "react";
import { type FieldPathByValue, useController, useFormContext } from "react-hook-form";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { NumberField } from "~/components/ui/number-field";
import { Select, type SelectOption } from "~/components/ui/select";
import { Textarea } from "~/components/ui/textarea";
import { FIELD_LABELS, type ScheduleFormValues } from "./schedule-form-model";

/** The form's methods. */
export function useScheduleForm() {
  return useFormContext<ScheduleFormValues>();
}

/** One field of the form: its value, its setter, its error. */
export function useScheduleField<Name extends keyof ScheduleFormValues>(name: Name) {
  const { control } = useScheduleForm();
  const { field, fieldState } = useController<ScheduleFormValues, Name>({ control, name });
  return { ...field, label: FIELD_LABELS[name], error: fieldState.error?.message };
}

interface Common<Value> {
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
}: Common<string> & { placeholder?: string; mono?: boolean }) {
  const { label, error, ref, value, onChange, onBlur } = useScheduleField(name);
  return (
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
  );
}

export function TextAreaField({ name, description, className }: Common<string>) {
  const { label, error, value, onChange, onBlur } = useScheduleField(name);
  return (
    <Field label={label} description={description} error={error} className={className}>
      <Textarea rows={3} value={String(value)} onChange={onChange} onBlur={onBlur} />
    </Field>
  );
}

export function WholeField({
  name,
  description,
  className,
  min,
  max,
  unit,
}: Common<number | null> & { min: number; max: number; unit?: string }) {
  const { label, error, value, onChange } = useScheduleField(name);
  return (
    <Field label={label} description={description} error={error} className={className}>
      <NumberField value={value as number | null} onValueChange={onChange} min={min} max={max} unit={unit} />
    </Field>
  );
}

export function ChoiceField<Value extends string>({
  name,
  description,
  className,
  options,
}: Common<Value> & { options: readonly SelectOption<Value>[] }) {
  const { label, error, value, onChange } = useScheduleField(name);
  return (
    <Field label={label} description={description} error={error} className={className}>
      <Select value={value as Value} onValueChange={onChange} options={options} />
    </Field>
  );
}
