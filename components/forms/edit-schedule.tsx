"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { useToast } from "~/components/ui/toast";
import { ReviewDialog } from "./review-dialog";
import { ScheduleForm } from "./schedule-form";
import type { ScheduleFormValues } from "./schedule-form-model";
import { changesOf, formValuesOf, patchOf } from "./schedule-form-values";
import { StaleDialog } from "./stale-dialog";

/** The edit form: a review before saving, and a comparison if someone else saved in between. */
export function EditSchedule({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const { scheduleId } = schedule;
  const href = `/schedules/${scheduleId}`;
  // The version that the form is based on; "Discard my changes" replaces it with the newest.
  const [base, setBase] = useState(schedule);
  const [review, setReview] = useState<ScheduleFormValues | null>(null);
  const [theirs, setTheirs] = useState<ShownSchedule | null>(null);
  const [unchanged, setUnchanged] = useState(false);
  const before = formValuesOf(base);

  const save = useMutation(
    trpc.schedules.patch.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.schedules.pathFilter());
        toast.success({ title: "Saved", description: "The change applies from the next run on." });
        router.push(href);
      },
      onError: async (error) => {
        if (callErrorOf(error)?.code !== "version_stale") return setReview(null);
        const options = trpc.schedules.get.queryOptions({ scheduleId }, { staleTime: 0 });
        setTheirs(await queryClient.fetchQuery(options).catch(() => null));
      },
    }),
  );
  const send = (expectedVersion: number) => {
    if (!review) return;
    save.mutate({ scheduleId, expectedVersion, patch: patchOf({ scheduleId, before, after: review }) });
  };
  const submit = (values: ScheduleFormValues) => {
    const nothing = changesOf(before, values).length === 0;
    setUnchanged(nothing);
    setReview(nothing ? null : values);
  };
  const pending = save.isPending || save.isSuccess;

  return (
    <>
      {unchanged ? (
        <Callout tone="info" live className="mb-4">
          There are no changes to save.
        </Callout>
      ) : null}
      <ScheduleForm
        key={base.version}
        initial={before}
        submitLabel="Review and save"
        cancelHref={href}
        onSubmit={submit}
        pending={pending}
        error={theirs ? null : save.error}
        saved={save.isSuccess}
      />
      {review && !theirs ? (
        <ReviewDialog
          before={before}
          after={review}
          onCancel={() => setReview(null)}
          onSave={() => send(base.version)}
          pending={pending}
        />
      ) : null}
      {review && theirs ? (
        <StaleDialog
          base={before}
          theirs={formValuesOf(theirs)}
          yours={review}
          onCancel={() => {
            setTheirs(null);
            setReview(null);
          }}
          onTakeTheirs={() => {
            setBase(theirs);
            setTheirs(null);
            setReview(null);
            save.reset();
          }}
          onKeepMine={() => send(theirs.version)}
          pending={pending}
        />
      ) : null}
    </>
  );
}
