import type { StoredExecution } from "~/server/domain/execution";
import { eventId, replayedKey, replayNumber } from "~/server/domain/ids";
import { headerPairs } from "~/server/domain/message-headers";
import type { LineageRow } from "~/server/domain/views";
import type { RelatedExecution } from "~/server/ports/store/executions";
import type { Deps } from "../ctx";
import { iso } from "../schedules/view";
import { lineageInFlight, lineageKeys } from "./lineage-keys";

/** Maximum number of outbox rows to search for replays. */
const OVERLAY_LIMIT = 2000;

/**
 * Returns the original of an execution and its replays, as far as they are still kept, oldest first. Returns an empty
 * list if there are no replays.
 */
export async function lineageOf(deps: Deps, execution: { key: string; scheduledFor: number }): Promise<LineageRow[]> {
  const keys = lineageKeys(execution.key);
  const [original] = keys as [string];
  const ids = keys.map(eventId);
  // Read the outbox first, so that a row that is recorded between the two reads is found.
  const unflushed = await deps.hot.unflushed({ limit: OVERLAY_LIMIT });
  const stored = await deps.store.relatedExecutions({ scheduledForMs: execution.scheduledFor, ids });
  const rows = new Map<number, LineageRow>();
  const originalHash = stored.find((row) => row.key === original)?.contentHash ?? null;
  for (const row of stored) rows.set(replayNumber(row.key), endedRow(row, isEdited(row, originalHash)));
  const fresh = unflushed.executions.filter(
    (row) => (replayedKey(row.key) ?? row.key) === original && !rows.has(replayNumber(row.key)),
  );
  const ended = new Set([...rows.keys(), ...fresh.map((row) => replayNumber(row.key))]);
  const waiting = await lineageInFlight(deps, { key: execution.key, keys, ended });
  // Rows that are not in ClickHouse have no content hash, so their contents are compared.
  const originalContent =
    fresh.length + waiting.size === 0
      ? null
      : (fresh.find((row) => row.key === original) ?? (await deps.store.getExecution(eventId(original))));
  for (const row of fresh) {
    rows.set(replayNumber(row.key), endedRow(row, row.key === original ? false : differs(row, originalContent)));
  }
  for (const [key, one] of waiting) {
    const number = replayNumber(key);
    const instance = await deps.hot.instance(key);
    rows.set(number, {
      executionId: eventId(key),
      number,
      status: one.isHeld ? "held" : one.dueAtMs === null ? "running" : one.attempts.length > 0 ? "retrying" : "pending",
      late: false,
      endedAt: null,
      actor: one.actor,
      isEdited: number === 0 ? false : instance && differs(instance.schedule, originalContent),
    });
  }
  const lineage = [...rows.values()].sort((a, b) => a.number - b.number);
  return lineage.some(({ number }) => number > 0) ? lineage : [];
}

type Content = Pick<StoredExecution, "payload" | "headers">;

function differs(replay: Content, original: Content | null): boolean | null {
  // A row without a payload has no recorded content.
  if (original === null || original.payload === "") return null;
  const text = ({ payload, headers }: Content) =>
    JSON.stringify([
      payload,
      headerPairs(headers)
        .map((pair) => JSON.stringify(pair))
        .sort(),
    ]);
  return text(replay) !== text(original);
}

function isEdited({ key, contentHash }: RelatedExecution, originalHash: string | null): boolean | null {
  if (replayedKey(key) === null) return false;
  return originalHash === null || contentHash === null ? null : contentHash !== originalHash;
}

function endedRow(row: Omit<RelatedExecution, "contentHash">, edited: boolean | null): LineageRow {
  const { executionId, key, outcome, late, endedAt, actor } = row;
  return {
    executionId,
    number: replayNumber(key),
    status: outcome,
    late,
    endedAt: iso(endedAt),
    actor,
    isEdited: edited,
  };
}
