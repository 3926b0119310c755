"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useWatch } from "react-hook-form";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { cadenceInput } from "./cadence-input";
import type { ScheduleFormValues } from "./schedule-form-model";

const DEBOUNCE_MS = 300;

function useDebounced<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The next runs of the form's cron, computed by the server with the function that the worker uses. */
export function useCadencePreview() {
  const trpc = useTRPC();
  const [kind, cronExpression, timezone, dstGap, dstOverlap, jitterSeconds, startAt] = useWatch<
    ScheduleFormValues,
    ["kind", "cronExpression", "timezone", "dstGap", "dstOverlap", "jitterSeconds", "startAt"]
  >({ name: ["kind", "cronExpression", "timezone", "dstGap", "dstOverlap", "jitterSeconds", "startAt"] });
  const cron = useDebounced(cronExpression).trim();
  const jitter = useDebounced(jitterSeconds);
  return useQuery(
    trpc.schedules.preview.queryOptions(
      cadenceInput({ cronExpression: cron, timezone, dstGap, dstOverlap, jitterSeconds: jitter, startAt }, Date.now()),
      { enabled: kind === "recurring" && cron !== "", retry: false, ...KEEP_PREVIOUS },
    ),
  );
}
