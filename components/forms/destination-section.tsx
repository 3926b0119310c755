"use client";

import { ChoiceField, TextField, WholeField } from "./controlled";
import { HeadersEditor } from "./headers-editor";

/** Where the event goes and what it is called there. */
export function DestinationSection() {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="topic" required mono description="The topic on the bus." />
        <TextField name="entityType" required mono placeholder="invoice" />
        <TextField name="action" required mono placeholder="due" />
        <TextField name="entityId" mono description="Key of the message, where there is one." />
        <TextField
          name="correlationId"
          mono
          className="sm:col-span-2"
          description="Ties the event to what caused it. Empty: the schedule's id."
        />
      </div>
      <HeadersEditor />
    </div>
  );
}

/** What happens when publishing fails, or nobody was there to do it. */
export function DeliverySection() {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <WholeField name="maxRetries" min={0} max={10} description="After the first failed attempt." />
      <WholeField name="retryDelaySeconds" min={1} max={3600} unit="s" description="Grows with each attempt." />
      <WholeField
        name="maxDelaySeconds"
        min={1}
        max={31_536_000}
        unit="s"
        description="A run later than this expires instead."
      />
      <WholeField name="priority" min={0} max={9} description="0 to 9; the higher one goes first." />
      <ChoiceField
        name="catchUpPolicy"
        description="When runs were missed, because nothing was running."
        options={[
          { value: "last", label: "Run the last one" },
          { value: "all", label: "Run all of them" },
          { value: "none", label: "Skip them" },
        ]}
      />
      <WholeField name="catchUpWindowSeconds" min={0} max={31_536_000} unit="s" description="Older ones are skipped." />
      <WholeField name="catchUpMaxRuns" min={1} max={10_000} description="With “Run all of them”." />
    </div>
  );
}
