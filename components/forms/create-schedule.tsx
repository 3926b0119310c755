"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "~/components/trpc/client";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { focusNextTitle } from "~/components/ui/page-title";
import { useToast } from "~/components/ui/toast";
import { ScheduleForm } from "./schedule-form";
import type { ScheduleFormValues } from "./schedule-form-model";
import { definitionOf } from "./schedule-form-values";

/** The form of a new schedule. Opens the page of the created schedule. */
export function CreateSchedule({
  initial,
  cancelHref,
  draft,
  withTemplates,
  initiallyDirty,
  maskedValuesFrom,
}: {
  initial: ScheduleFormValues;
  cancelHref: string;
  /** Identifies the draft that the browser keeps. */
  draft: string;
  /** Offers schedules of the topic to copy. */
  withTemplates?: boolean;
  initiallyDirty?: boolean;
  /** The schedule whose stored values replace masks. */
  maskedValuesFrom?: string;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const key = useIdempotencyKey();
  const create = useMutation(
    trpc.schedules.create.mutationOptions({
      onSuccess: ({ schedule, created }) => {
        void queryClient.invalidateQueries(trpc.schedules.pathFilter());
        toast.success({ title: created ? "Schedule created" : "The schedule already exists" });
        focusNextTitle();
        // The page also says that the schedule already existed, because a toast disappears.
        router.push(`/schedules/${schedule.scheduleId}${created ? "" : "?existed=true"}`);
      },
    }),
  );
  const submit = (values: ScheduleFormValues) => {
    const definition = { ...definitionOf(values), maskedValuesFrom };
    create.mutate({ ...definition, idempotencyKey: requestKey(key, definition) });
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
      draft={draft}
      withTemplates={withTemplates}
      initiallyDirty={initiallyDirty}
    />
  );
}
