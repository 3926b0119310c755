import { z } from "zod";
import { type EndReason, type ErrorClass, TRIGGERS } from "./choices";
import type { MessageHeaders } from "./message-headers";
import type { Outcome, Source, Tier } from "./schedule";

export const Trigger = z.enum(TRIGGERS);
export type Trigger = z.infer<typeof Trigger>;

/** Lateness above this sets the `late` flag of a succeeded execution (contract §8: normal is under 30 s). */
export const LATE_MS = 30_000;

/** One try at publishing. Times are epoch ms. */
export const Attempt = z.object({
  n: z.int(),
  at: z.int(),
  durationMs: z.number(),
  workerId: z.string(),
  errorClass: z.string().nullable(),
  error: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

/** The ledger's row of one occurrence: written once, when it has its outcome. Times are epoch ms. */
export interface Execution {
  /** uuid v5 of the key; also the `event_id` on the bus. */
  executionId: string;
  key: string;
  scheduleId: string;
  scheduleName: string | null;
  scheduleVersion: number;
  trigger: Trigger;
  outcome: Outcome;
  reason: EndReason | null;
  topic: string;
  entityType: string;
  entityId: string | null;
  action: string;
  source: Source;
  correlationId: string;
  priority: number;
  /** The nominal time, jitter not counted. */
  scheduledFor: number;
  effectiveAt: number;
  /** When the bus acknowledged it; null if it never did. */
  firedAt: number | null;
  endedAt: number;
  latenessMs: number;
  late: boolean;
  /** From claim to acknowledgement, of the last attempt. */
  publishMs: number | null;
  attempts: Attempt[];
  error: string | null;
  errorClass: ErrorClass | null;
  workerId: string;
  partition: number | null;
  offset: string | null;
  /** By whom it was run, replayed, skipped or cancelled; null for the plan itself. */
  actor: string | null;
  /** What was noted with the pause that it was skipped by. */
  note: string | null;
  tier: Tier;
  /** When it became visible to the hot tier: what "tier queue time" is measured from. */
  enteredRedisAt: number;
  payload: string;
  headers: MessageHeaders;
}

/** A row of the ledger as it is read: one that another version wrote may have a code that this one does not know. */
export interface StoredExecution extends Omit<Execution, "reason" | "errorClass"> {
  reason: string | null;
  errorClass: string | null;
}

/** How late: from the effective time to the acknowledgement or, if none, to the end. Never negative. */
export function latenessMs(effectiveAt: number, firedAt: number): number {
  return Math.max(0, firedAt - effectiveAt);
}
