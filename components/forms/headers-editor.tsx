"use client";

import { Plus, Trash2 } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { Button } from "~/components/ui/button";
import { Field, Fieldset } from "~/components/ui/field";
import { IconButton } from "~/components/ui/icon-button";
import { Input } from "~/components/ui/input";
import { Anchored, useScheduleForm } from "./controlled";

export function HeadersEditor() {
  const { control, register, formState } = useScheduleForm();
  const { fields, append, remove } = useFieldArray({ control, name: "headers" });
  const faults = formState.errors.headers;
  return (
    <Anchored name="headers">
      <Fieldset legend="Headers" description="Sent with the event. Reserved names, such as event_id, are refused.">
        {fields.map((field, index) => (
          <div key={field.id} className="flex items-start gap-2">
            <Field
              label={`Name of header ${index + 1}`}
              hideLabel
              error={faults?.[index]?.name?.message}
              className="flex-1"
            >
              <Input
                {...register(`headers.${index}.name`)}
                placeholder="x-tenant"
                className="font-mono"
                autoComplete="off"
              />
            </Field>
            <Field
              label={`Value of header ${index + 1}`}
              hideLabel
              error={faults?.[index]?.value?.message}
              className="flex-2"
            >
              <Input
                {...register(`headers.${index}.value`)}
                placeholder="acme"
                className="font-mono"
                autoComplete="off"
              />
            </Field>
            <IconButton
              label={`Remove header ${index + 1}`}
              icon={<Trash2 aria-hidden />}
              onClick={() => remove(index)}
            />
          </div>
        ))}
        {faults?.message ? <p className="text-danger-ink text-xs">{faults.message}</p> : null}
        <div>
          <Button size="sm" icon={<Plus aria-hidden />} onClick={() => append({ name: "", value: "" })}>
            Add header
          </Button>
        </div>
      </Fieldset>
    </Anchored>
  );
}
