import { v5, v7 } from "uuid";

/** Namespace of every deterministic id of this product; changing it would break the dedup of every consumer. */
const NAMESPACE = "6f1d4f0e-6a0f-5d43-9a52-0d5c3b1c7e11";

/** A new schedule's id: UUID v7, so that ids of neighbours in time lie near each other. */
export function newScheduleId(): string {
  return v7();
}

/** The same source key gives the same schedule: a redelivered message or a repeated request is no second event. */
export function sourceScheduleId(source: string, key: string): string {
  return v5(`${source}:${key}`, NAMESPACE);
}

/** `scheduleId@nominalMs`, the key of a planned occurrence (semantics §1). */
export function occurrenceKey(scheduleId: string, nominalMs: number): string {
  return `${scheduleId}@${nominalMs}`;
}

/** `scheduleId@manual:uuid`: a run beside the plan. */
export function manualKey(scheduleId: string): string {
  return `${scheduleId}@manual:${v7()}`;
}

/** `scheduleId@nominalMs:replay:n`. */
export function replayKey(key: string, n: number): string {
  return `${key.replace(/:replay:\d+$/, "")}:replay:${n}`;
}

/** `event_id` and execution id: v5 of the occurrence key, the same for every attempt (contract §6). */
export function eventId(key: string): string {
  return v5(key, NAMESPACE);
}

/** The schedule's id inside an occurrence key. */
export function scheduleIdOf(key: string): string {
  const at = key.indexOf("@");
  return at < 0 ? key : key.slice(0, at);
}
