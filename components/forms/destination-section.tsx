"use client";

import { ChoiceField, IntegerField, TextField } from "./controlled";
import { HeadersEditor } from "./headers-editor";
import { TopicField } from "./topic-field";
import { TopicTemplates } from "./topic-templates";

/** The topic, the names and ids of the event, and its headers. `withTemplates` offers the topic's schedules to copy. */
export function DestinationSection({ withTemplates }: { withTemplates: boolean }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-2">
          <TopicField />
          {withTemplates ? <TopicTemplates /> : null}
        </div>
        <TextField name="entityType" required mono placeholder="invoice" />
        <TextField name="action" required mono placeholder="due" />
        <TextField name="entityId" mono description="Part of the message key." />
        <TextField
          name="correlationId"
          mono
          className="sm:col-span-2"
          description="Links the event to its cause. If empty, it is the schedule id."
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
      <IntegerField name="maxRetries" description="Attempts after the first one fails. 0 means no retry." />
      <IntegerField
        name="retryDelaySeconds"
        unit="s"
        description="The first retry waits a random time up to this. The limit doubles with each attempt, up to 1 hour."
      />
      <IntegerField
        name="maxDelaySeconds"
        unit="s"
        description="A run that is late by more than this expires and is not published, except a manual run or a replay."
      />
      <IntegerField name="priority" description="0 to 9. Higher priorities are published first." />
      <ChoiceField
        name="catchUpPolicy"
        description="What to do with runs that were missed."
        options={[
          { value: "last", label: "Run the last one" },
          { value: "all", label: "Run all of them" },
          { value: "none", label: "Skip them" },
        ]}
      />
      <IntegerField name="catchUpWindowSeconds" unit="s" description="Missed runs older than this are skipped." />
      <IntegerField name="catchUpMaxRuns" description="Applies to “Run all of them”." />
    </div>
  );
}
