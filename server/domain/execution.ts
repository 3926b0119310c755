import { z } from "zod";
import { type EndReason, type ErrorClass, TRIGGERS } from "./choices";
import type { MessageHeaders } from "./message-headers";
import type { ActorType, Outcome, Source, Tier } from "./schedule";

export const Trigger = z.enum(TRIGGERS);
export type Trigger = z.infer<typeof Trigger>;

export { LATE_MS } from "./choices";

/** One try to publish an occurrence. `at` is epoch ms. */
export const Attempt = z.object({
  n: z.int(),
  at: z.int(),
  durationMs: z.number(),
  workerId: z.string(),
  errorClass: z.string().nullable(),
  error: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

/** The ledger's row of an ended occurrence. Times are epoch ms. */
export interface Execution {
  /** UUID v5 of the key; also the `event_id` on the bus. */
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
  /** The nominal time, without jitter. */
  scheduledFor: number;
  effectiveAt: number;
  /** When the bus acknowledged the event; null without an acknowledgement. */
  firedAt: number | null;
  endedAt: number;
  latenessMs: number;
  /** Succeeded, but published more than 30 s after its effective time. */
  late: boolean;
  /** How long the bus took in the last attempt. Events that are published together have the same duration. */
  publishMs: number | null;
  attempts: Attempt[];
  error: string | null;
  errorClass: ErrorClass | null;
  workerId: string;
  partition: number | null;
  offset: string | null;
  /** Who ran, replayed, skipped or cancelled the occurrence; null if the scheduler did so by itself. */
  actor: string | null;
  /** The note of the pause that skipped the occurrence. */
  note: string | null;
  /** `clickhouse` if the schedule was promoted from ClickHouse; otherwise `redis`. */
  tier: Tier;
  /** When the occurrence began to wait in Redis: when its schedule entered Redis, or the time of the run before. */
  enteredRedisAt: number;
  /** The payload of the event, published or not. Empty if it is not recorded. */
  payload: string;
  headers: MessageHeaders;
  /** Whether the payload is the whole value of the message. */
  rawValue: boolean;
  actorType: ActorType;
  actorId: string;
}

/** A row that was read from the ledger. Another release may have written codes that this release does not know. */
export interface StoredExecution extends Omit<Execution, "reason" | "errorClass"> {
  reason: string | null;
  errorClass: string | null;
}

/** The lateness of an acknowledgement (`firedAt`), or of an end without an acknowledgement. Never negative. */
export function latenessMs(effectiveAt: number, firedAt: number): number {
  return Math.max(0, firedAt - effectiveAt);
}
