import type { Store } from "~/server/ports/store/store";
import { awaitAll } from "./await-all";
import type { ClickHouse } from "./connection/client";
import { executionFacet } from "./executions/execution-facets";
import { executionRows } from "./executions/execution-row";
import {
  executionHistogram,
  executionNames,
  getExecution,
  ledgerCounts,
  listExecutions,
  recordedElsewhere,
  relatedExecutions,
  settledKeys,
} from "./executions/executions-table";
import { failureGroups } from "./executions/failure-groups";
import {
  groupMembers,
  loadMembers,
  measuredThroughput,
  oneTimeDue,
  oneTimeLoad,
  oneTimeMembers,
  oneTimeTags,
  outageGroups,
  recurrenceGroups,
} from "./load/load-queries";
import {
  analyticsPerformance,
  analyticsSummary,
  analyticsTotals,
  executionsByHour,
  topFailures,
} from "./metrics/metrics-table";
import { applyRetention, cleanup, retention } from "./retention";
import { scheduleRows } from "./schedules/schedule-row";
import {
  catalogueCounts,
  countSchedules,
  dueForPromotion,
  dueForRebuild,
  facets,
  findIdByName,
  getSchedules,
  idsOfSealedGroup,
  listSchedules,
  liveNames,
  matchingIds,
  recurringOfZones,
  recurringTouchedSince,
  revisions,
  sealedGroups,
} from "./schedules/schedules-table";
import { serverInfo } from "./server-info";
import { createAuditChains } from "./small-tables/audit-chain-table";
import { createAuditStreams } from "./small-tables/audit-streams-table";
import { countAudit, listAudit } from "./small-tables/audit-table";
import {
  documents,
  insertDocuments,
  quarantined,
  quarantinedItem,
  refusedMessages,
  waitingSince,
} from "./small-tables/documents-table";
import { findSelfTest, insertSelfTests } from "./small-tables/self-test-table";
import { insertZoneMoves, insertZoneVersion, lastZoneVersion, zoneMoves } from "./small-tables/zones-table";

/**
 * The durable store over one ClickHouse connection. `rollups` returns whether the executions of a batch count in the
 * analytics (`ANALYTICS_ENABLED`).
 */
export function createStore(client: ClickHouse, options: { rollups?: () => boolean } = {}): Store {
  const rollups = options.rollups ?? (() => true);
  const store: Store = {
    within: (signal) => ({ ...createStore(client.within(signal), options), shared: store }),
    get shared() {
      return store;
    },
    ping: () => client.ping(),
    serverInfo: () => serverInfo(client),
    async insertBatch({ token, schedules, executions, mayRepeat, piece = "" }) {
      const rolledUp = rollups();
      const insertExecutions = async () => {
        const alreadyRecorded = mayRepeat ? await recordedElsewhere(client, { token, executions }) : null;
        const rows = executionRows(executions, { rolledUp, batch: token, without: alreadyRecorded });
        await client.insert({ table: "schedule_execution_results", ...rows, token: `${token}${piece}:e` });
      };
      // Two tables cannot be written atomically. With a token for each table, a retry completes a half-written batch.
      await awaitAll([
        client.insert({ table: "event_schedules", ...scheduleRows(schedules), token: `${token}${piece}:s` }),
        insertExecutions(),
      ]);
    },
    insertSelfTests: (input) => insertSelfTests(client, input),
    findSelfTest: (input) => findSelfTest(client, input),
    insertDocuments: (input) => insertDocuments(client, input),
    documents: (kind, start) => documents(client, kind, start),
    listAudit: (input) => listAudit(client, input),
    countAudit: (input) => countAudit(client, input),
    ...createAuditChains(client),
    ...createAuditStreams(client),
    refusedMessages: (limit) => refusedMessages(client, limit),
    quarantined: (limit) => quarantined(client, limit),
    quarantinedItem: (key) => quarantinedItem(client, key),
    waitingSince: (input) => waitingSince(client, input),
    getSchedules: (ids, options) => getSchedules(client, ids, options),
    revisions: (ids) => revisions(client, ids),
    findIdByName: (name) => findIdByName(client, name),
    liveNames: () => liveNames(client),
    listSchedules: (query, recentRuns = 0) => listSchedules(client, query, recentRuns),
    countSchedules: (filter) => countSchedules(client, filter),
    matchingIds: (query, page) => matchingIds(client, query, page),
    facets: (scope) => facets(client, scope),
    dueForPromotion: (input) => dueForPromotion(client, input),
    dueForRebuild: (input) => dueForRebuild(client, input),
    recurringTouchedSince: (input) => recurringTouchedSince(client, input),
    recurringOfZones: (input) => recurringOfZones(client, input),
    lastZoneVersion: () => lastZoneVersion(client),
    insertZoneVersion: (row) => insertZoneVersion(client, row),
    insertZoneMoves: (input) => insertZoneMoves(client, input),
    zoneMoves: (input) => zoneMoves(client, input),
    settledKeys: (keys) => settledKeys(client, keys),
    catalogueCounts: (scope) => catalogueCounts(client, scope),
    sealedGroups: () => sealedGroups(client),
    idsOfSealedGroup: (input) => idsOfSealedGroup(client, input),
    getExecution: (executionId) => getExecution(client, executionId),
    executionFacet: (facet, query, scope) => executionFacet(client, { facet, query, scope }),
    failureGroups: (input) => failureGroups(client, input),
    executionNames: (ids, scope) => executionNames(client, ids, scope),
    relatedExecutions: (input) => relatedExecutions(client, input),
    listExecutions: (query) => listExecutions(client, query),
    executionHistogram: (query, bucketSeconds) => executionHistogram(client, query, bucketSeconds),
    analyticsSummary: (input) => analyticsSummary(client, input),
    analyticsTotals: (input) => analyticsTotals(client, input),
    topFailures: (input) => topFailures(client, input),
    analyticsPerformance: (input) => analyticsPerformance(client, input),
    executionsByHour: (input) => executionsByHour(client, input),
    recurrenceGroups: (input) => recurrenceGroups(client, input),
    outageGroups: (input) => outageGroups(client, input),
    oneTimeLoad: (input) => oneTimeLoad(client, input),
    oneTimeTags: (input) => oneTimeTags(client, input),
    oneTimeDue: (input) => oneTimeDue(client, input),
    groupMembers: (input) => groupMembers(client, input),
    loadMembers: (ids) => loadMembers(client, ids),
    oneTimeMembers: (input) => oneTimeMembers(client, input),
    measuredThroughput: (input) => measuredThroughput(client, input),
    ledgerCounts: (input) => ledgerCounts(client, input),
    retention: () => retention(client),
    applyRetention: (input) => applyRetention(client, input),
    cleanup: (input) => cleanup(client, input),
    close: () => client.close(),
  };
  return store;
}
