"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useWatch } from "react-hook-form";
import { useTRPC } from "~/components/trpc/client";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule-limits";
import type { PathFault } from "./fault-marks";
import { bodyFault } from "./json-body";
import type { ScheduleFormValues } from "./schedule-form-model";

const TYPING_PAUSE_MS = 600;
const NONE: readonly PathFault[] = [];

/**
 * Whether the topic has a schema, and the faults that the server finds in the payload after a pause in typing. `faults`
 * is empty until the server has checked the current text. The save checks the payload again.
 */
export function usePayloadCheck(): { hasSchema: boolean; faults: readonly PathFault[] } {
  const trpc = useTRPC();
  const [topic, text] = useWatch<ScheduleFormValues, ["topic", "body"]>({ name: ["topic", "body"] });
  const body = text.trim() === "" ? "{}" : text;
  const check = useMutation(trpc.topicSchemas.check.mutationOptions());
  const run = useEffectEvent(() => {
    if (topic !== "" && bodyFault(body, MAX_PAYLOAD_BYTES) === null) {
      check.mutate({ topic, body });
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of text or topic starts the pause again
  useEffect(() => {
    const timer = setTimeout(() => run(), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [topic, body]);
  const isCurrent = check.data !== undefined && check.variables?.topic === topic && check.variables.body === body;
  return isCurrent ? check.data : { hasSchema: check.data?.hasSchema ?? false, faults: NONE };
}
