import type { PlantedNamespace } from "./scope-world";

/*
 * The inputs with which `scope.test.ts` makes every call that reads. A call may have several; `of` is the namespace
 * that an input names. A caller of another namespace must not get an answer.
 */

export interface Read {
  input?: object;
  of?: PlantedNamespace;
}

/** The inputs, given the two namespaces. */
type Reads = (planted: readonly [PlantedNamespace, PlantedNamespace]) => Read[];

const day = () => {
  const now = Date.now();
  return { from: new Date(now - 86_400_000).toISOString(), to: new Date(now + 3_600_000).toISOString() };
};
const each =
  (input: (one: PlantedNamespace) => object): Reads =>
  (planted) =>
    planted.map((of) => ({ input: input(of), of }));
/** An input that is accepted whatever it names, but finds only what the caller may see. */
const filters =
  (input: (one: PlantedNamespace) => object, plain: object = {}): Reads =>
  (planted) => [{ input: plain }, ...planted.map((one) => ({ input: { ...plain, ...input(one) } }))];
const plain =
  (input: object | (() => object) = {}): Reads =>
  () => [{ input: typeof input === "function" ? input() : input }];

/** For calls with filters: filters that could find the other namespace. */
const scheduleFilters: Reads = (planted) => [
  ...filters(({ topic }) => ({ topic: [topic] }))(planted),
  ...filters(({ canary }) => ({ q: canary }))(planted),
  ...filters(({ canary }) => ({ tag: [`${canary}-tag`] }))(planted),
  ...filters(({ canary }) => ({ entityType: `${canary}-type` }))(planted),
];
const executionFilters =
  (more: object = {}): Reads =>
  (planted) => [
    ...filters(({ topic }) => ({ topic: [topic] }), { ...day(), ...more })(planted),
    ...filters(({ canary }) => ({ q: canary }), { ...day(), ...more })(planted),
    ...filters(({ scheduleId }) => ({ scheduleId }), { ...day(), ...more })(planted),
  ];
const correlated: Reads = filters(({ canary }) => ({ correlationId: `${canary}-correlation-1` }), {});
const together =
  (...all: Reads[]): Reads =>
  (planted) =>
    all.flatMap((one) => one(planted));
const analytics: Reads = filters(({ topic }) => ({ topic }));
const schedules = each(({ scheduleId }) => ({ scheduleId }));
const everySchedule: Reads = (planted) =>
  planted.flatMap((of) => [of.scheduleId, of.freshId].map((scheduleId) => ({ input: { scheduleId }, of })));
const ids = (field: string): Reads =>
  filters(({ scheduleIds, executionIds }) => ({ [field]: field === "executionIds" ? executionIds : scheduleIds }), {
    [field]: [],
  });

/** The queries of tRPC. */
export const READS_OF_PROCEDURES: Readonly<Record<string, Reads>> = {
  "access.me": plain(),
  "access.sessions": plain(),
  "access.passkeys": plain(),
  "access.secondFactor": plain(),
  "access.users": plain(),
  "access.apiKeys": plain(),
  "access.roles": plain(),
  "access.namespaces": plain(),
  "access.serviceAccounts": plain(),
  "analytics.summary": analytics,
  "analytics.totals": analytics,
  "analytics.topFailures": analytics,
  "analytics.performance": analytics,
  "analytics.week": analytics,
  "audit.list": plain(day),
  "audit.verify": plain(),
  "audit.activity": together(
    everySchedule,
    each(({ deletedId }) => ({ scheduleId: deletedId })),
  ),
  "audit.pauses": filters(({ scheduleIds }) => ({ scheduleIds }), { scheduleIds: [], from: "2020-01-01T00:00:00Z" }),
  "bulk.preview": together(
    filters(({ canary }) => ({ filter: { q: canary } }), { action: "pause", filter: { kind: "recurring" } }),
    filters(({ scheduleIds }) => ({ ids: scheduleIds, filter: undefined }), { action: "pause", filter: { q: "none" } }),
  ),
  "bulk.get": each(({ jobId }) => ({ jobId })),
  "bulk.list": plain(),
  "bulk.items": each(({ jobId }) => ({ jobId })),
  "bulk.undoPreview": each(({ jobId }) => ({ jobId })),
  "deadLetters.preview": filters(({ topic }) => ({ filter: { topic: [topic] } }), {
    ...{ action: "replay", filter: { from: "2020-01-01T00:00:00Z" } },
  }),
  "deadLetters.refused": plain(),
  "executions.list": together(executionFilters(), correlated),
  "executions.facets": executionFilters(),
  "executions.failures": executionFilters(),
  "executions.inFlight": filters(({ topic }) => ({ topic })),
  "executions.get": each(({ executionId }) => ({ executionId })),
  "executions.names": ids("executionIds"),
  "executions.histogram": executionFilters({ bucketSeconds: 3600 }),
  "monitoring.health": plain(),
  "monitoring.stats": plain(),
  "monitoring.engine": plain(),
  "monitoring.leases": plain(),
  "monitoring.diagnosis": plain(),
  "monitoring.upcoming": plain(),
  "monitoring.breakers": plain(),
  "monitoring.timeZones": plain(),
  "pauseAll.get": plain(),
  "protection.keys": plain(),
  "protection.list": plain(),
  "quarantine.list": plain(),
  "quarantine.get": plain({ id: "none" }),
  "schedules.list": scheduleFilters,
  "schedules.count": scheduleFilters,
  "schedules.facets": plain(),
  "schedules.get": everySchedule,
  "schedules.names": ids("scheduleIds"),
  "schedules.preview": plain({ cronExpression: "0 3 * * *" }),
  "schedules.occurrences": everySchedule,
  "schedules.explain": each(({ scheduleId }) => ({ scheduleId, at: new Date(Date.now() - 600_000).toISOString() })),
  "schedules.versions": together(
    everySchedule,
    each(({ deletedId }) => ({ scheduleId: deletedId })),
  ),
  "schedules.version": each(({ scheduleId }) => ({ scheduleId, version: 1 })),
  "schedules.missed": schedules,
  "settings.list": plain(),
  "topicSchemas.list": plain(),
  "upcoming.load": together(
    filters(({ topic }) => ({ topic: [topic] })),
    plain({ by: "tag" }),
  ),
  "upcoming.firings": filters(({ topic }) => ({ topic: [topic] })),
  "upcoming.outage": filters(({ topic }) => ({ topic: [topic] }), outage()),
  "upcoming.suggestSlot": each(({ scheduleId }) => ({ cronExpression: "10 3 * * *", scheduleId })),
  "upcoming.suggestTime": each(({ scheduleId }) => ({
    ...{ scheduleId, executionTime: new Date(Date.now() + 7_200_000).toISOString() },
  })),
  "views.list": plain({ list: "schedules" }),
};

function outage(): object {
  const now = Date.now();
  return { from: new Date(now + 600_000).toISOString(), to: new Date(now + 3_600_000).toISOString() };
}

/** The tools for assistants that only read. */
export const READS_OF_TOOLS: Readonly<Record<string, Reads>> = {
  list_schedules: together(
    filters(({ topic }) => ({ topic: [topic] })),
    filters(({ canary }) => ({ q: canary })),
    filters(({ canary }) => ({ tag: [`${canary}-tag`] })),
  ),
  get_schedule: everySchedule,
  explain_occurrence: each(({ scheduleId }) => ({ scheduleId, at: new Date(Date.now() - 600_000).toISOString() })),
  list_executions: executionFilters(),
  failures_by_cause: executionFilters(),
  upcoming_load: filters(({ topic }) => ({ topic: [topic] })),
  upcoming_runs: filters(({ topic }) => ({ topic: [topic] })),
  health: plain(),
};

const query = (fields: object) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((one) => `${snake(name)}=${encodeURIComponent(String(one))}`))
    .join("&");
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** One GET call of REST: the parameters of its path, and its query. */
export interface RestRead {
  params: Record<string, string>;
  query: string;
  of?: PlantedNamespace;
}

/** The GET calls of REST. */
export const READS_OF_REST: Readonly<Record<string, Reads>> = {
  "GET schedules": scheduleFilters,
  "GET schedules/export": plain({ format: "ndjson" }),
  "GET schedules/upcoming": plain(),
  "GET schedules/upcoming/export": plain({ format: "ndjson" }),
  "GET schedules/documents/export": plain({ owner: "none", unowned: true }),
  "GET schedules/bulk": plain(),
  "GET schedules/bulk/export": plain({ format: "ndjson" }),
  "GET schedules/bulk/{id}": each(({ jobId }) => ({ id: jobId })),
  "GET schedules/{id}": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET schedules/{id}/executions": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET schedules/{id}/occurrences": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET schedules/{id}/missed": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET schedules/{id}/explain": each(({ scheduleId }) => ({ id: scheduleId, at: new Date().toISOString() })),
  "GET schedules/{id}/activity": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET schedules/{id}/versions": each(({ scheduleId }) => ({ id: scheduleId })),
  "GET api-keys": plain(),
  "GET audit": plain({ from: "2020-01-01T00:00:00Z" }),
  "GET audit/export": plain({ from: "2020-01-01T00:00:00Z", format: "ndjson" }),
  "GET audit/verify": plain(),
  "GET dead-letters/refused": plain(),
  "GET quarantine": plain(),
  "GET quarantine/{id}": plain({ id: "0190f3a0-0000-7000-8000-000000000000" }),
  "GET settings": plain(),
  "GET system/pause-all": plain(),
  "GET system/payload-keys": plain(),
  "GET topics/{topic}/protection": each(({ topic }) => ({ topic })),
  "GET topics/{topic}/schema": each(({ topic }) => ({ topic })),
  "GET users": plain(),
  "GET executions": together(executionFilters(), correlated),
  "GET executions/export": plain(() => ({ ...day(), format: "ndjson" })),
  "GET executions/failures": executionFilters(),
  "GET executions/failures/export": plain(() => ({ ...day(), format: "ndjson" })),
  "GET executions/in-flight": plain(),
  "GET executions/in-flight/export": plain({ format: "ndjson" }),
  "GET executions/{id}": each(({ executionId }) => ({ id: executionId })),
  "GET monitoring/stats": plain(),
  "GET monitoring/reach": plain(),
  "GET monitoring/analytics/summary": analytics,
  "GET monitoring/analytics/performance": analytics,
  "GET monitoring/metrics": plain(),
  "GET monitoring/breakers": plain(),
  "GET monitoring/time-zones": plain(),
  "GET monitoring/diagnosis": plain(),
};

/** The parts of a GET call for an input. */
export function restRead(call: string, { input = {}, of }: Read): RestRead {
  const names = [...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const fields = input as Record<string, string>;
  const params = Object.fromEntries(names.map((name) => [name, fields[name] as string]));
  const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  return { params, query: query(rest), of };
}
