"use client";

import { Anchored, useScheduleField } from "./controlled";
import { PayloadField } from "./payload-field";
import { usePayloadCheck } from "./use-payload-check";

/** The payload card of the schedule form. The payload is compared with the schema of the topic. */
export function PayloadEditor() {
  const { value, onChange, onBlur, error } = useScheduleField("body");
  const { hasSchema, faults } = usePayloadCheck();
  const schemaFault = faults.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return (
    <Anchored name="body">
      <PayloadField
        asCard
        value={value}
        onChange={onChange}
        onBlur={onBlur}
        error={error ?? (schemaFault === "" ? undefined : schemaFault)}
        faults={faults}
        hint={hasSchema ? "A JSON object that matches the payload schema of the topic." : undefined}
      />
    </Anchored>
  );
}
