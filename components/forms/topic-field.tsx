"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { formatCounted } from "~/components/ui/format";
import { SuggestInput } from "~/components/ui/suggest-input";
import { Anchored, useScheduleField } from "./controlled";

/** The topic. Suggests the topics of existing schedules; any other topic can be typed. */
export function TopicField() {
  const topic = useScheduleField("topic");
  const trpc = useTRPC();
  // If the suggestions cannot be loaded, the field still works as a plain input.
  const facets = useQuery(trpc.schedules.facets.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  const options = useMemo(
    () =>
      (facets.data?.topics ?? []).map(({ value, count }) => ({
        value,
        label: value,
        hint: formatCounted(count, "schedule"),
      })),
    [facets.data],
  );
  return (
    <Anchored name="topic">
      <Field
        label={topic.label}
        required
        error={topic.error}
        description="The Kafka topic or Redis stream to publish to."
      >
        <SuggestInput
          ref={topic.ref}
          value={topic.value}
          onValueChange={topic.onChange}
          onBlur={topic.onBlur}
          options={options}
          className="font-mono"
        />
      </Field>
    </Anchored>
  );
}
