import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { matchesAudit } from "~/server/domain/audit/filter";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { isDataFault } from "~/server/domain/data-fault";
import { ALL_PAUSE_TARGET } from "~/server/domain/explain/all-pauses";
import { LATEST_MS } from "~/server/domain/instant";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Deps } from "../ctx";
import { unscopedDeps } from "../scope";

/** Maximum number of outbox rows to search. */
const OVERLAY_LIMIT = 2000;
const PAGE = 50;
const MAX_PAGES = 10;

/** The visible part of the audit trail. */
export interface AuditWindow {
  /** The requested targets that are in scope. */
  targets: string[];
  /** Entries before this time, epoch ms, are not shown. */
  fromMs: number;
}

/**
 * Returns a function that returns the visible part of the trail of some targets. Entries from before a schedule was
 * moved into the scope are hidden, because its earlier definitions belong to another topic.
 */
export function auditWindow(
  deps: Pick<Deps, "hot" | "store">,
  scope: TopicPrefixes,
): (targets: readonly string[]) => Promise<AuditWindow> {
  return async (requested) => {
    const schedules = requested.filter((target) => target !== ALL_PAUSE_TARGET);
    const topics = await topicsOf(deps, schedules);
    const visible = schedules.filter((id) => isInScope(scope, topics.get(id) ?? "\0"));
    const fromMs = visible.length === 0 ? 0 : await movedInAt(deps, scope, visible);
    const targets = requested.filter((target) => target === ALL_PAUSE_TARGET || visible.includes(target));
    return { targets, fromMs };
  };
}

/** Returns the topics of the newest rows of schedules. */
async function topicsOf(
  { hot, store }: Pick<Deps, "hot" | "store">,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const [rows, unflushed] = await Promise.all([
    hot.getMany(ids, { bare: true }),
    hot.unflushed({ limit: OVERLAY_LIMIT }),
  ]);
  const found = new Map((await store.getSchedules(ids)).map((row) => [row.scheduleId, row]));
  for (const row of [...unflushed.schedules, ...rows.filter((one) => one !== null)]) {
    const known = found.get(row.scheduleId);
    if (!ids.includes(row.scheduleId) || (known && known.state.revision > row.state.revision)) continue;
    found.set(row.scheduleId, row);
  }
  return new Map([...found.values()].map(({ scheduleId, topic }) => [scheduleId, topic]));
}

/**
 * Returns the time after the newest edit that moved one of the schedules into the scope, epoch ms; 0 if there is none.
 */
async function movedInAt(
  { hot, store }: Pick<Deps, "hot" | "store">,
  scope: TopicPrefixes,
  ids: readonly string[],
): Promise<number> {
  const filter = { fromMs: 0, toMs: LATEST_MS, targets: ids, verbs: ["schedule.edit"], result: SUCCEEDED };
  const { audit } = await hot.unflushed({ limit: OVERLAY_LIMIT });
  const fresh = audit.filter((json) => ids.some((id) => json.includes(id))).flatMap(readable);
  const found = moveIn(
    scope,
    fresh.filter((entry) => matchesAudit(entry, filter)),
  );
  if (found !== null) return found;
  let cursor: string | undefined;
  let oldestMs = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, nextCursor } = await store.listAudit({ ...filter, limit: PAGE, cursor });
    const entries = items.flatMap(readable);
    const moved = moveIn(scope, entries);
    if (moved !== null) return moved;
    if (nextCursor === null) return 0;
    oldestMs = Date.parse(entries.at(-1)?.at ?? new Date(oldestMs).toISOString());
    cursor = nextCursor;
  }
  // Older entries were not checked, so older entries are hidden.
  return oldestMs;
}

function moveIn(scope: TopicPrefixes, entries: readonly ReturnType<typeof readAuditEntry>[]): number | null {
  const times = entries.filter(({ before }) => movesIn(scope, before)).map(({ at }) => Date.parse(at) + 1);
  return times.length === 0 ? null : Math.max(...times);
}

function movesIn(scope: TopicPrefixes, before: unknown): boolean {
  const topic = topicOf(before);
  return typeof topic === "string" && !isInScope(scope, topic);
}

function topicOf(fields: unknown): unknown {
  return typeof fields === "object" && fields !== null ? (fields as { topic?: unknown }).topic : undefined;
}

function readable(json: string): ReturnType<typeof readAuditEntry>[] {
  try {
    return [readAuditEntry(json)];
  } catch (error) {
    if (isDataFault(error)) return [];
    throw error;
  }
}

/** Whether all topics that an entry names are in scope. */
export function isVisibleEntry(scope: TopicPrefixes | undefined, { topic, before, after }: AuditEntry): boolean {
  return [topic, topicOf(before), topicOf(after)].every((one) => typeof one !== "string" || isInScope(scope, one));
}

/** Returns the visible part of the trail of these targets. A caller without a scope sees all of it. */
export async function visibleTrail(deps: Deps, targets: readonly string[]): Promise<AuditWindow> {
  if (deps.scope === undefined) return { targets: [...targets], fromMs: 0 };
  return auditWindow(unscopedDeps(deps), deps.scope)(targets);
}
