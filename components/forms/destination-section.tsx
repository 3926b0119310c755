"use client";

import { ChoiceField, TextField, WholeField } from "./controlled";
import { HeadersEditor } from "./headers-editor";

/** The topic and the names of the event. */
export function DestinationSection() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="topic" required mono description="The Kafka topic or Redis stream to publish to." />
        <TextField name="entityType" required mono placeholder="invoice" />
        <TextField name="action" required mono placeholder="due" />
        <TextField name="entityId" mono description="Part of the message key." />
        <TextField
          name="correlationId"
          mono
          className="sm:col-span-2"
          description="Links the event to its cause. Empty: the schedule id."
        />
      </div>
      <HeadersEditor />
    </div>
  );
}

/** Retries, priority and catch-up. */
export function DeliverySection() {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <WholeField name="maxRetries" min={0} max={10} description="After the first failed attempt." />
      <WholeField
        name="retryDelaySeconds"
        min={1}
        max={3600}
        unit="s"
        description="Longest wait before the first retry. Doubles with each attempt."
      />
      <WholeField
        name="maxDelaySeconds"
        min={1}
        max={31_536_000}
        unit="s"
        description="Runs later than this expire instead."
      />
      <WholeField name="priority" min={0} max={9} description="0 to 9. Higher priorities are published first." />
      <ChoiceField
        name="catchUpPolicy"
        description="What to do with runs that were missed."
        options={[
          { value: "last", label: "Run the last one" },
          { value: "all", label: "Run all of them" },
          { value: "none", label: "Skip them" },
        ]}
      />
      <WholeField
        name="catchUpWindowSeconds"
        min={0}
        max={31_536_000}
        unit="s"
        description="Missed runs older than this are skipped."
      />
      <WholeField name="catchUpMaxRuns" min={1} max={10_000} description="Applies to “Run all of them”." />
    </div>
  );
}
