"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useUserEmail } from "~/components/access/user";
import { draftKey, dropDraft, type FormDraft, isSameForm, readDraft, writeDraft } from "./form-draft";
import type { ScheduleFormValues } from "./schedule-form-model";

const TYPING_PAUSE_MS = 400;

/**
 * Stores the form's values in this browser while they differ from `initial`, and offers the draft of an earlier visit.
 * If the user edits without answering the offer, the offer stays open, and the new values replace the stored draft.
 *
 * @param name identifies the form and, for an edit, the version that is edited
 */
export function useDraft({
  form,
  name,
  initial,
  saved,
}: {
  form: UseFormReturn<ScheduleFormValues>;
  name: string;
  initial: ScheduleFormValues;
  /** Whether the form was saved. Removes the draft and stores no more. */
  saved: boolean;
}) {
  const key = draftKey(useUserEmail(), name);
  const [offer, setOffer] = useState<FormDraft | null>(null);
  const [isKept, setKept] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const store = useEffectEvent(() => {
    // Without a timer, nothing was typed since the values were last stored.
    if (timer.current === null || saved) return;
    clearTimeout(timer.current);
    timer.current = null;
    const values = form.getValues();
    // A form without changes must not replace the offered draft.
    const draft = isSameForm(values, initial) ? offer : { atMs: Date.now(), values };
    if (draft === null) dropDraft(localStorage, key);
    else setKept(writeDraft(localStorage, key, draft));
  });
  const onChange = useEffectEvent(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => store(), TYPING_PAUSE_MS);
  });
  const offerStoredDraft = useEffectEvent(() => {
    const found = readDraft(localStorage, key);
    if (found !== null && !isSameForm(found.values, form.getValues())) setOffer(found);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs again for another form, which has another key
  useEffect(() => {
    offerStoredDraft();
    const stop = form.subscribe({ formState: { values: true }, callback: () => onChange() });
    // A hidden tab may be closed without another event, before the pause in typing has passed.
    const onHide = () => store();
    document.addEventListener("visibilitychange", onHide);
    window.addEventListener("pagehide", onHide);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", onHide);
      window.removeEventListener("pagehide", onHide);
      store();
    };
  }, [key, form.subscribe]);

  useEffect(() => {
    if (!saved) return;
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    dropDraft(localStorage, key);
  }, [saved, key]);

  return {
    offer: saved ? null : offer,
    /** Whether the browser stored the last draft. */
    isKept,
    restore: () => {
      if (offer !== null) form.reset(offer.values, { keepDefaultValues: true });
      setOffer(null);
    },
    discard: () => {
      setOffer(null);
      // Keeps a draft of the form's current changes.
      if (isSameForm(form.getValues(), initial)) dropDraft(localStorage, key);
    },
  };
}
