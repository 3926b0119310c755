// biome-ignore lint/style/noRestrictedImports: a digest is a pure function.
import { hash } from "node:crypto";

/** Namespace of the product's deterministic ids. Changing it would break the deduplication of all consumers. */
export const NAMESPACE_HEX = "6f1d4f0e6a0f5d439a520d5c3b1c7e11";
const NAMESPACE = Buffer.from(NAMESPACE_HEX, "hex").toString("latin1");

/** A schedule id that depends only on source and key, so that a redelivered message creates no duplicate. */
export function sourceScheduleId(source: string, key: string): string {
  return v5(`${source}:${key}`);
}

/**
 * The id of the schedule that a request with an idempotency key creates. Repeated requests of a time window get the
 * same id.
 *
 * @param digest hash of the caller, the operation and the key
 * @param window number of the time window; after the answer has expired, the key creates another schedule
 * @param attempt increases when the previous creation was undone
 * @param fits whether the id is in the required shard
 */
export function keyedScheduleId(
  { digest, window, attempt }: { digest: string; window: number; attempt: number },
  fits: (id: string) => boolean,
): string {
  for (let salt = 0; ; salt += 1) {
    const id = sourceScheduleId("idempotency", `${digest}:${window}:${attempt}:${salt}`);
    if (fits(id)) return id;
  }
}

/** `scheduleId@nominalMs`, the key of a planned occurrence (semantics §1). */
export function occurrenceKey(scheduleId: string, nominalMs: number): string {
  return `${scheduleId}@${nominalMs}`;
}

/** `scheduleId@manual:run`, the key of a manual run. `run` is a UUID, or derived from the idempotency key. */
export function manualKey(scheduleId: string, run: string): string {
  return `${scheduleId}@manual:${run}`;
}

/** The key of a manual run by a bulk job. A repeated step of the job gets the same key. */
export function bulkRunKey(scheduleId: string, jobId: string): string {
  return `${scheduleId}@manual:${v5(`bulk:${jobId}:${scheduleId}`)}`;
}

const REPLAY = /:replay:\d+$/;

/** The key of replay `n`, such as `scheduleId@nominalMs:replay:n`. A replay of a replay is a replay of the original. */
export function replayKey(key: string, n: number): string {
  return `${key.replace(REPLAY, "")}:replay:${n}`;
}

/** The number of a replay in its key; 0 for any other occurrence. */
export function replayNumber(key: string): number {
  return Number(REPLAY.exec(key)?.[0].slice(":replay:".length) ?? 0);
}

/** The key of the occurrence that a replay repeats; null if the key is not of a replay. */
export function replayedKey(key: string): string | null {
  return REPLAY.test(key) ? key.replace(REPLAY, "") : null;
}

/** `event_id` and execution id: UUID v5 of the occurrence key, the same for every attempt (contract §6). */
export function eventId(key: string): string {
  return v5(key);
}

export function scheduleIdOf(key: string): string {
  const at = key.indexOf("@");
  return at < 0 ? key : key.slice(0, at);
}

/** UUID v5 (RFC 9562, 5.5) in the product's namespace. `hash` is several times faster than a hash object. */
function v5(name: string): string {
  const bytes = Buffer.allocUnsafe(16 + Buffer.byteLength(name));
  bytes.write(NAMESPACE, "latin1");
  bytes.write(name, 16, "utf8");
  const hex = hash("sha1", bytes, "hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
