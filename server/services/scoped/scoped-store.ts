import { isByTopic } from "~/server/domain/document-kinds";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Store } from "~/server/ports/store/store";
import { refused } from "../scope";
import { type AuditWindow, documentsInWindow, windowFilter } from "./audit-window";

interface Scoping {
  scope: TopicPrefixes;
  windowOf: (targets: readonly string[]) => Promise<AuditWindow>;
  /** The store for work that several requests share. */
  shared: () => Store;
  storeOf: (store: Store) => Store;
}

const NO_PAGE = { items: [], nextCursor: null };

/**
 * Restricts the store to a scope. Rows of other topics do not exist, except for calls that return only ids, revisions
 * or keys. Calls about the whole installation are refused. The build fails for a method of the store that is missing
 * here.
 */
export function scopedStore(store: Store, { scope, windowOf, shared, storeOf }: Scoping): Store {
  const topicPrefixes = scope;
  const isVisible = ({ topic }: { topic: string }) => isInScope(scope, topic);
  /** Adds the scope to the filter of the input. */
  const filtered = <I extends { filter: object }>(input: I): I => ({
    ...input,
    filter: { ...input.filter, topicPrefixes },
  });
  return {
    within: (signal) => storeOf(store.within(signal)),
    get shared() {
      return shared();
    },
    ping: store.ping,
    ...{ revisions: store.revisions, settledKeys: store.settledKeys, findIdByName: store.findIdByName },
    ...{ insertDocuments: store.insertDocuments, lastZoneVersion: store.lastZoneVersion },

    async getSchedules(ids, options) {
      return (await store.getSchedules(ids, options)).filter(isVisible);
    },
    listSchedules: (query, recentRuns) => store.listSchedules({ ...query, topicPrefixes }, recentRuns),
    countSchedules: (filter) => store.countSchedules({ ...filter, topicPrefixes }),
    matchingIds: (filter, page) => store.matchingIds({ ...filter, topicPrefixes }, page),
    facets: () => store.facets({ topicPrefixes }),
    catalogueCounts: () => store.catalogueCounts({ topicPrefixes }),
    async sealedGroups() {
      return (await store.sealedGroups()).filter(isVisible);
    },
    async idsOfSealedGroup(input) {
      return isVisible(input) ? store.idsOfSealedGroup(input) : [];
    },

    async getExecution(id) {
      const found = await store.getExecution(id);
      return found !== null && isVisible(found) ? found : null;
    },
    relatedExecutions: (input) => store.relatedExecutions({ ...input, topicPrefixes }),
    executionNames: (ids) => store.executionNames(ids, { topicPrefixes }),
    listExecutions: (query) => store.listExecutions({ ...query, topicPrefixes }),
    executionHistogram: (query, bucketSeconds) => store.executionHistogram({ ...query, topicPrefixes }, bucketSeconds),
    failureGroups: ({ query, ...rest }) => store.failureGroups({ ...rest, query: { ...query, topicPrefixes } }),
    executionFacet: (facet, query, rollup) => store.executionFacet(facet, { ...query, topicPrefixes }, rollup),
    ledgerCounts: (input) => store.ledgerCounts({ ...input, topicPrefixes }),

    analyticsSummary: (input) => store.analyticsSummary({ ...input, topicPrefixes }),
    analyticsTotals: (input) => store.analyticsTotals({ ...input, topicPrefixes }),
    topFailures: (input) => store.topFailures({ ...input, topicPrefixes }),
    analyticsPerformance: (input) => store.analyticsPerformance({ ...input, topicPrefixes }),
    executionsByHour: (input) => store.executionsByHour({ ...input, topicPrefixes }),

    recurrenceGroups: (input) => store.recurrenceGroups(filtered(input)),
    outageGroups: (input) => store.outageGroups(filtered(input)),
    oneTimeLoad: (input) => store.oneTimeLoad(filtered(input)),
    oneTimeTags: (input) => store.oneTimeTags(filtered(input)),
    oneTimeDue: (input) => store.oneTimeDue(filtered(input)),
    groupMembers: (input) => store.groupMembers(filtered(input)),
    oneTimeMembers: (input) => store.oneTimeMembers(filtered(input)),
    async loadMembers(ids) {
      return (await store.loadMembers(ids)).filter(isVisible);
    },
    measuredThroughput: (input) => store.measuredThroughput({ ...input, topicPrefixes }),

    async documents(kind, keyPrefix) {
      const rows = await store.documents(kind, keyPrefix);
      return isByTopic(kind) ? rows.filter(({ key }) => isInScope(scope, key)) : rows;
    },
    async listAudit(input) {
      const window = await windowOf(input.targets ?? []);
      const visible = windowFilter(window, input);
      if (visible === null) return NO_PAGE;
      const { items, nextCursor } = await store.listAudit({ ...input, ...visible });
      return { items: documentsInWindow(window, items), nextCursor };
    },
    async zoneMoves(input) {
      const moves = await store.zoneMoves(input);
      const own = await store.getSchedules(moves.map(({ scheduleId }) => scheduleId));
      const visible = new Set(own.filter(isVisible).map(({ scheduleId }) => scheduleId));
      return moves.filter(({ scheduleId }) => visible.has(scheduleId));
    },

    ...{ insertBatch: refused, liveNames: refused, waitingSince: refused, refusedMessages: refused },
    ...{ dueForPromotion: refused, dueForRebuild: refused, recurringTouchedSince: refused, recurringOfZones: refused },
    ...{ insertZoneVersion: refused, insertZoneMoves: refused, insertSelfTests: refused, findSelfTest: refused },
    // ClickHouse cannot leave out the entries that the window hides.
    ...{ countAudit: refused },
    ...{ insertAudit: refused, auditHead: refused, recordedAudit: refused, chainedAudit: refused },
    ...{ nextAuditChain: refused, auditCheckpoint: refused, unchainedAudit: refused, expiredAudit: refused },
    ...{ deleteAudit: refused, deliveredAudit: refused, recordDelivered: refused },
    ...{ quarantined: refused, quarantinedItem: refused },
    ...{ serverInfo: refused, retention: refused, applyRetention: refused, cleanup: refused, close: refused },
  };
}
