"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "~/components/trpc/client";
import { useToast } from "~/components/ui/toast";
import { ScheduleForm } from "./schedule-form";
import type { ScheduleFormValues } from "./schedule-form-model";
import { definitionOf } from "./schedule-form-values";

/** The form of a schedule that is not there yet; leads to its page when it is. */
export function CreateSchedule({
  initial,
  cancelHref,
  startsDirty,
}: {
  initial: ScheduleFormValues;
  cancelHref: string;
  startsDirty?: boolean;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  // One key a visit: a save that is sent again after a lost answer makes no second schedule.
  const [visit] = useState(() => Math.random().toString(36).slice(2));
  const create = useMutation(
    trpc.schedules.create.mutationOptions({
      onSuccess: ({ schedule, created }) => {
        void queryClient.invalidateQueries(trpc.schedules.pathFilter());
        toast.success({ title: created ? "The schedule is created" : "The schedule was created before" });
        router.push(`/schedules/${schedule.scheduleId}`);
      },
    }),
  );
  const submit = (values: ScheduleFormValues) => {
    const definition = definitionOf(values);
    create.mutate({ ...definition, idempotencyKey: `form:${visit}:${fingerprint(definition)}` });
  };
  return (
    <ScheduleForm
      initial={initial}
      submitLabel="Create schedule"
      cancelHref={cancelHref}
      onSubmit={submit}
      pending={create.isPending || create.isSuccess}
      error={create.error}
      saved={create.isSuccess}
      startsDirty={startsDirty}
    />
  );
}

/** A changed form is another request, also under the same visit. FNV-1a, 32 bit. */
function fingerprint(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(value)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
