import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { matchesAudit } from "~/server/domain/audit/filter";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { isDataFault } from "~/server/domain/data-fault";
import { FIRING_PAUSE_TARGET } from "~/server/domain/explain/firing-pauses";
import { LATEST_MS } from "~/server/domain/instant";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Deps } from "../ctx";
import { findSchedules, OVERLAY_LIMIT } from "../newest-schedules";
import { unscopedDeps } from "../scope";

const PAGE = 50;
const MAX_PAGES = 10;

/**
 * The visible part of the audit trail: the requested targets that are in scope, each with the time, epoch ms, before
 * which its entries are hidden.
 */
export type AuditWindow = ReadonlyMap<string, number>;

/**
 * Returns a function that returns the visible part of the trail of some targets. Entries from before a schedule was
 * moved into the scope are hidden, because its earlier definitions belong to another topic.
 */
export function auditWindow(
  deps: Pick<Deps, "hot" | "store">,
  scope: TopicPrefixes,
): (targets: readonly string[]) => Promise<AuditWindow> {
  return async (requested) => {
    const schedules = requested.filter((target) => target !== FIRING_PAUSE_TARGET);
    const window = new Map<string, number>(requested.includes(FIRING_PAUSE_TARGET) ? [[FIRING_PAUSE_TARGET, 0]] : []);
    if (schedules.length === 0) return window;
    const visible = await findSchedules({ ...deps, scope, unscoped: deps }, schedules);
    if (visible.size === 0) return window;
    return new Map([...window, ...(await movedInAt(deps, scope, [...visible.keys()]))]);
  };
}

/**
 * Returns the filter of a query for the targets of the window, null if there are none. The query may also return hidden
 * entries of a target: drop them with `targetsInWindow`.
 */
export function windowFilter(
  window: AuditWindow,
  { fromMs }: { fromMs: number },
): { targets: string[]; fromMs: number } | null {
  if (window.size === 0) return null;
  return { targets: [...window.keys()], fromMs: Math.max(fromMs, Math.min(...window.values())) };
}

/** Returns the targets of an entry for which the window shows the entry. */
export function targetsInWindow(window: AuditWindow, { at, target, targets }: AuditEntry): string[] {
  const atMs = Date.parse(at);
  return [target, ...targets].filter((id) => atMs >= (window.get(id) ?? Number.POSITIVE_INFINITY));
}

/** Returns the documents whose entries the window shows. */
export function documentsInWindow(window: AuditWindow, documents: readonly string[]): string[] {
  return documents.filter((json) => readable(json).some((entry) => targetsInWindow(window, entry).length > 0));
}

/**
 * Returns for each schedule the time after the newest edit that moved it into the scope, epoch ms. Without such an
 * edit, the time is 0 or, if there are too many edits to check all, that of the oldest checked edit.
 */
async function movedInAt(
  { hot, store }: Pick<Deps, "hot" | "store">,
  scope: TopicPrefixes,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const filter = { fromMs: 0, toMs: LATEST_MS, verbs: ["schedule.edit"], result: SUCCEEDED };
  const found = new Map<string, number>();
  const remaining = () => ids.filter((id) => !found.has(id));
  const add = (entries: readonly AuditEntry[]) => {
    for (const { at, target, targets, before } of entries) {
      if (!movesIn(scope, before)) continue;
      for (const id of [target, ...targets]) found.set(id, Math.max(found.get(id) ?? 0, Date.parse(at) + 1));
    }
  };
  const { audit } = await hot.unflushed({ limit: OVERLAY_LIMIT });
  const fresh = audit.filter((json) => ids.some((id) => json.includes(id))).flatMap(readable);
  add(fresh.filter((entry) => matchesAudit(entry, { ...filter, targets: ids })));
  // Entries before this time were not checked.
  let checkedMs = LATEST_MS;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && checkedMs > 0 && remaining().length > 0; page += 1) {
    const { items, nextCursor } = await store.listAudit({ ...filter, targets: remaining(), limit: PAGE, cursor });
    const entries = items.flatMap(readable);
    add(entries);
    const oldest = entries.at(-1);
    if (oldest !== undefined) checkedMs = Date.parse(oldest.at);
    if (nextCursor === null) checkedMs = 0;
    cursor = nextCursor ?? undefined;
  }
  return new Map(ids.map((id) => [id, found.get(id) ?? checkedMs]));
}

function movesIn(scope: TopicPrefixes, before: unknown): boolean {
  const topic = topicOf(before);
  return typeof topic === "string" && !isInScope(scope, topic);
}

function topicOf(fields: unknown): unknown {
  return typeof fields === "object" && fields !== null ? (fields as { topic?: unknown }).topic : undefined;
}

function readable(json: string): AuditEntry[] {
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
  if (deps.scope === undefined) return new Map(targets.map((target) => [target, 0]));
  return auditWindow(unscopedDeps(deps), deps.scope)(targets);
}
