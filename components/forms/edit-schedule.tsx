"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useUserEmail } from "~/components/access/user";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { focusNextTitle } from "~/components/ui/page-title";
import { useToast } from "~/components/ui/toast";
import { changedFields } from "./form-changes";
import { draftKey, dropDraft } from "./form-draft";
import { ReviewDialog } from "./review-dialog";
import { ScheduleForm } from "./schedule-form";
import type { ScheduleFormValues } from "./schedule-form-model";
import { formValuesOf, patchOf } from "./schedule-form-values";
import { StaleDialog } from "./stale-dialog";

const draftName = (scheduleId: string, version: number) => `edit:${scheduleId}@${version}`;

/** The edit form: a review before saving, and a comparison if the schedule was changed in between. */
export function EditSchedule({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const user = useUserEmail();
  const { scheduleId } = schedule;
  const href = `/schedules/${scheduleId}`;
  // The version that the form shows; "Discard my changes" replaces it with the newest version.
  const [base, setBase] = useState(schedule);
  const [review, setReview] = useState<ScheduleFormValues | null>(null);
  const [theirs, setTheirs] = useState<ShownSchedule | null>(null);
  const [isUnchanged, setUnchanged] = useState(false);
  const before = formValuesOf(base);

  const save = useMutation(
    trpc.schedules.patch.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.schedules.pathFilter());
        toast.success({ title: "Saved", description: "The change applies from the next run on." });
        focusNextTitle();
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
    const hasChanges = changedFields(before, values).length > 0;
    setUnchanged(!hasChanges);
    setReview(hasChanges ? values : null);
  };
  const pending = save.isPending || save.isSuccess;

  return (
    <>
      {isUnchanged ? (
        <Callout tone="info" live className="mb-4">
          There are no changes to save.
        </Callout>
      ) : null}
      <ScheduleForm
        key={base.version}
        scheduleId={scheduleId}
        initial={before}
        submitLabel="Review and save"
        cancelHref={href}
        onSubmit={submit}
        pending={pending}
        error={theirs ? null : save.error}
        saved={save.isSuccess}
        draft={draftName(scheduleId, base.version)}
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
            dropDraft(localStorage, draftKey(user, draftName(scheduleId, base.version)));
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
