"use client";

import { useQuery } from "@tanstack/react-query";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { SUCCEEDED } from "~/server/domain/audit/results";
import type { AuditVerb } from "~/server/domain/audit/verbs";

export const ALL_FIRING_PAUSE_VERBS = ["system.pause_all", "system.resume_all"] as const satisfies AuditVerb[];

const WANTED = { verb: [...ALL_FIRING_PAUSE_VERBS], result: SUCCEEDED };
const MAX_PAUSES = 100;

/**
 * The newest pauses and resumes of all firing from `from` to `to` (ISO times; `to` is now by default). The audit
 * entries of a schedule do not include them. Empty until they are loaded.
 */
export function useAllFiringPauses(range: {
  from: string;
  to?: string;
  enabled: boolean;
}): RouterOutputs["audit"]["list"]["items"] {
  const { enabled, ...span } = range;
  const trpc = useTRPC();
  const options = { ...KEEP_PREVIOUS, enabled, retry: false };
  const list = useQuery(trpc.audit.list.queryOptions({ ...span, ...WANTED, limit: MAX_PAUSES }, options));
  return enabled ? (list.data?.items ?? []) : [];
}
