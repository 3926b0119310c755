import { afterAll, beforeAll, expect, test } from "vitest";
import { createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { type AuditEntry, readAuditEntry } from "~/server/domain/audit/entry";
import { REFUSED, SUCCEEDED } from "~/server/domain/audit/results";
import { AUDIT_VERBS } from "~/server/domain/audit/verbs";
import { FAILURES_TO_OPEN, OPEN_MS } from "~/server/domain/breaker";
import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import {
  addPasskey,
  confirmSecondFactor,
  createApiKey,
  createUser,
  deleteNamespace,
  deleteRole,
  deleteServiceAccount,
  deleteUser,
  inviteUser,
  issueLink,
  listApiKeys,
  listNamespaces,
  listRoles,
  listServiceAccounts,
  listUsers,
  revokeApiKey,
  revokeSession,
  rotateApiKey,
  saveNamespace,
  saveRole,
  saveServiceAccount,
  signOut,
  startPasskey,
  startSecondFactor,
  updateUser,
} from "~/server/services/access";
import { abortBulk, startBulk, undoBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import type { Ctx } from "~/server/services/ctx";
import { decideDeadLetters, refusedMessages } from "~/server/services/dead-letters";
import { getExecution, replayExecution } from "~/server/services/executions";
import { createBreakers } from "~/server/services/firing/breakers";
import { promoteNow, resetBreaker, runCleanup } from "~/server/services/monitoring";
import { findSchedules } from "~/server/services/newest-schedules";
import { pauseAll, resumeAll } from "~/server/services/pause-all";
import { encryptAgain } from "~/server/services/payload-keys";
import { deleteProtection, listProtection, saveProtection } from "~/server/services/protection";
import { decideQuarantined, getQuarantined, listQuarantine } from "~/server/services/quarantine";
import { quarantineItem } from "~/server/services/quarantine/quarantine-item";
import { recordRefusal, refusalsOf } from "~/server/services/refusals";
import {
  createSchedule,
  createSchedules,
  deleteSchedule,
  executeSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { saveSettings } from "~/server/services/settings";
import { readStored } from "~/server/services/settings/stored";
import { deleteTopicSchema, listTopicSchemas, saveTopicSchema } from "~/server/services/topic-schemas";
import { deleteView, listViews, saveView } from "~/server/services/views";
import { createAuthenticator } from "~/server/testing/authenticator";
import { anExecution } from "~/server/testing/executions";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { signIn } from "~/server/testing/sign-in";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { totpCode } from "~/server/testing/totp";
import { listAudit, VerifyAuditInput, verifyAudit } from ".";

const ANN = { id: "ann", email: "ann@example.com", name: "Ann", role: "admin", via: "code" } as const;
const PASSWORD = "correct horse battery staple 7";

let stack: TestStack;
let ctx: Ctx;
beforeAll(async () => {
  stack = await startTestStack({ payloadKeys: [{ id: "k1", bytes: new Uint8Array(32) }] });
  ctx = { ...stack.ctx, principal: ANN };
}, 120_000);
afterAll(() => stack?.stop());

/** Runs bulk jobs until none is left. */
async function finish(job: unknown): Promise<BulkJob> {
  while (await runBulkStep(stack.deps));
  return job as BulkJob;
}

const bulk = async (input: object) => finish(await startBulk({ ctx, input: { dryRun: false, ...input } as never }));
const rowsOf = async (ids: readonly string[]) => [...(await findSchedules(stack.deps, ids)).values()];

/** Uses every verb on schedules. Returns all ids, and the first state of the schedules of a batch. */
async function changeSchedules(): Promise<{ ids: string[]; first: Map<string, Schedule> }> {
  const base = { topic: "orders", entityType: "order", action: "check", payload: { n: 1 } };
  const daily = { ...base, cronExpression: "0 3 * * *" };
  const create = async (over: object) => {
    const { schedule } = await createSchedule({ ctx, input: { ...daily, ...over } as never });
    return schedule.scheduleId;
  };
  const edited = await create({ name: "edited", tags: ["a"] });
  const patch = { cronExpression: "0 4 * * *", tags: [], payload: { n: 2 }, description: "moved" };
  await patchSchedule({ ctx, input: { scheduleId: edited, patch } as never });
  await toggleSchedule({ ctx, input: { scheduleId: edited, enabled: false, note: "INC-1" } });
  await toggleSchedule({ ctx, input: { scheduleId: edited, enabled: true } });
  await executeSchedule({ ctx, input: { scheduleId: edited } });
  const paused = await create({ name: "paused", priority: 3, headers: { "x-team": "billing" } });
  await toggleSchedule({ ctx, input: { scheduleId: paused, enabled: false } });
  const deleted = await create({ name: "deleted" });
  await deleteSchedule({ ctx, input: { scheduleId: deleted } });
  const batch = await createSchedules({ ctx, input: { items: [daily, { ...daily, tags: ["b"] }, { topic: "" }] } });
  const made = batch.items.flatMap((item) => ("scheduleId" in item ? [item.scheduleId] : []));
  const [one, two] = made as [string, string];
  const first = new Map((await rowsOf(made)).map((row) => [row.scheduleId, row]));
  const job = await bulk({ action: "pause", ids: [one, two], note: "maintenance" });
  await finish(await undoBulk({ ctx, input: { jobId: job.jobId } }));
  await bulk({ action: "pause", ids: [one, two] });
  await bulk({ action: "resume", ids: [two] });
  await bulk({ action: "retag", ids: [one, two], addTags: ["c"] });
  await bulk({ action: "spread", ids: [two], jitterSeconds: 60 });
  await bulk({ action: "execute", ids: [two] });
  await bulk({ action: "delete", ids: [one] });
  const aborted = (await startBulk({ ctx, input: { action: "pause", ids: [two], dryRun: false } })) as BulkJob;
  await abortBulk({ ctx, input: { jobId: aborted.jobId } });
  await finish(aborted);
  await getSchedule({ ctx, input: { scheduleId: edited, reveal: true } });
  return { ids: [edited, paused, deleted, one, two], first };
}

async function decideAboutFailures(): Promise<void> {
  const { deps } = stack;
  const dead = [1, 2, 3].map((n) => {
    const scheduledFor = Date.now() - n * 1000;
    return anExecution({ scheduledFor, outcome: "dead", reason: "retries_used_up", error: "no broker" });
  });
  await deps.store.insertBatch({ token: "dead", schedules: [], executions: dead });
  const [one, two, three] = dead.map(({ executionId }) => executionId) as [string, string, string];
  await replayExecution({ ctx, input: { executionId: one } });
  await finish(await decideDeadLetters({ ctx, input: { action: "replay", ids: [two], dryRun: false } }));
  await finish(await decideDeadLetters({ ctx, input: { action: "discard", ids: [three], dryRun: false } }));
  for (const [key, bytes] of [
    ["g|1", '{"id":"note","version":1}'],
    ["g|2", "{}"],
  ] as const) {
    const found = { step: "record", kind: "document", shard: 0, key, bytes } as const;
    await quarantineItem(deps, { ...found, error: new Error("unreadable") });
  }
  await recordAll(deps, 0);
  const { items } = await listQuarantine({ ctx, input: { limit: 10 } });
  await getQuarantined({ ctx, input: { id: items[0]?.id ?? "", reveal: true } });
  await getExecution({ ctx, input: { executionId: one, reveal: true } });
  for (const { id, key } of items) {
    await decideQuarantined({ ctx, input: { id, decision: key === "g|1" ? "retry" : "discard" } });
  }
}

async function openAndCloseBreakers(): Promise<void> {
  let nowMs = Date.now();
  const breakers = createBreakers({ ...stack.deps, clock: { now: () => nowMs } });
  const open = async (name: "topic:a" | "topic:b") => {
    const failed = { ok: 0, failed: 1, error: "no broker" };
    for (let n = 0; n < FAILURES_TO_OPEN; n += 1) await breakers.recordCalls(name, failed);
  };
  await open("topic:a");
  await resetBreaker({ ctx, input: { name: "topic:a" } });
  await open("topic:b");
  nowMs += OPEN_MS;
  await breakers.beginTrial("topic:b", "w");
  await breakers.endTrial("topic:b", "w", { ok: 1, failed: 0, error: null });
}

async function changeAccounts(): Promise<void> {
  const user = (name: string) => ({ email: `${name}@example.com`, name, role: "editor" as const, password: PASSWORD });
  // An installation always has an admin.
  await createUser({ ctx, input: { ...user("root"), role: "admin" } });
  const ben = await createUser({ ctx, input: user("ben") });
  await updateUser({ ctx, input: { userId: ben.userId, name: "Benjamin", role: "operator" } });
  await updateUser({ ctx, input: { userId: ben.userId, password: `${PASSWORD}!` } });
  const browser = { ip: "10.0.0.1", userAgent: "test", device: null };
  const credentials = { email: ben.email, password: `${PASSWORD}!` };
  const other = await signIn({ ctx: { ...ctx, principal: null }, input: credentials, browser });
  const own = await signIn({ ctx: { ...ctx, principal: null }, input: credentials, browser });
  expect(other.session.id).not.toBe(own.session.id);
  await revokeSession({ ctx: { ...ctx, principal: own.principal }, input: {}, session: own.session });
  const cleo = await createUser({ ctx, input: user("cleo") });
  await secureAccount(cleo);
  await deleteUser({ ctx, input: { userId: cleo.userId } });
  const { userId } = await inviteUser({
    ctx,
    input: { email: "di@example.com", name: "Di", role: "viewer", validHours: 1 },
  });
  await deleteUser({ ctx, input: { userId } });
  const base = { description: "", isNew: false };
  for (const name of ["kept", "deleted"]) {
    await saveNamespace({ ctx, input: { ...base, name, topicPrefixes: [`${name}.`] } });
    await saveRole({ ctx, input: { ...base, name, rights: ["schedules:read"] } });
    await saveServiceAccount({ ctx, input: { ...base, name, disabled: false } });
  }
  await saveNamespace({ ctx, input: { ...base, name: "kept", topicPrefixes: ["bills."] } });
  await deleteRole({ ctx, input: { name: "deleted" } });
  await deleteNamespace({ ctx, input: { name: "deleted" } });
  await deleteServiceAccount({ ctx, input: { name: "deleted" } });
  const kept = await createApiKey({ ctx, input: { name: "kept", rights: ["schedules:read"] } });
  await rotateApiKey({ ctx, input: { keyId: kept.keyId, overlapSeconds: 60 } });
  const { keyId } = await createApiKey({ ctx, input: { name: "revoked", rights: ["schedules:read"] } });
  await revokeApiKey({ ctx, input: { keyId } });
}

/** Adds a passkey and a second factor, signs out, and gets a reset link. */
async function secureAccount({ userId, email }: { userId: string; email: string }): Promise<void> {
  const browser = { ip: "10.0.0.2", userAgent: "test", device: null };
  const origin = "https://a.example";
  const password = PASSWORD;
  const { principal, session } = await signIn({
    ...{ ctx: { ...ctx, principal: null }, input: { email, password }, browser },
  });
  const own = { ctx: { ...ctx, principal }, session };
  const started = await startPasskey({ ...own, input: { password }, origin });
  const response = createAuthenticator().create(started.options, origin);
  await addPasskey({ ...own, input: { ceremony: started.ceremony, response, name: "Laptop" }, origin });
  const { secret } = await startSecondFactor({ ...own, input: { password } });
  const code = totpCode(secret, Date.now());
  const confirmed = await confirmSecondFactor({ ...own, input: { code }, browser });
  await signOut({ ctx: own.ctx, session: confirmed.session });
  await issueLink({ ctx, input: { userId, validHours: 1 } });
}

async function operate(): Promise<void> {
  const save = async (values: Partial<Settings>) => {
    await saveSettings({ ctx, input: { values } });
    stack.change(values);
  };
  await save({ maxRetries: 5, executionHistoryTtlDays: 30 });
  await save({ maxRetries: 4 });
  await runCleanup({ ctx, input: { dryRun: false } });
  await promoteNow({ ctx });
  await encryptAgain({ ctx, input: { limit: 1 } });
  await pauseAll({ ctx, input: { reason: "INC-2" } });
  await resumeAll({ ctx, input: {} });
  const schema = '{"type":"object"}';
  await saveTopicSchema({ ctx, input: { topic: "orders", schema } });
  await saveTopicSchema({ ctx, input: { topic: "bills", schema } });
  await deleteTopicSchema({ ctx, input: { topic: "bills" } });
  await saveProtection({ ctx, input: { topic: "cards.*", paths: ["$.number"], patterns: [], encrypt: false } });
  await saveProtection({ ctx, input: { topic: "bills", paths: ["$.iban"], patterns: [], encrypt: false } });
  await deleteProtection({ ctx, input: { topic: "bills" } });
  await refusedMessages({ ctx, input: { limit: 1, reveal: true } });
  await listAudit({ ctx, input: { from: Date.now() - 1000, limit: 1, reveal: true } });
  const view = { list: "schedules", query: "q=a", shared: true } as const;
  await saveView({ ctx, input: { ...view, name: "kept" } });
  const { viewId } = await saveView({ ctx, input: { ...view, name: "deleted" } });
  await deleteView({ ctx, input: { viewId } });
}

function refuse(): void {
  const error = new AppError("forbidden", "This requires a right.");
  recordRefusal(ctx, { call: "GET audit", changes: false, error });
  recordRefusal(ctx, { call: "bulk.start", changes: true, error });
}

/** All entries, in the order in which they were recorded. */
async function trail(): Promise<AuditEntry[]> {
  await refusalsOf(stack.deps).flush();
  await recordAll(stack.deps, 0);
  const rows = await stack.deps.store.chainedAudit({ chain: 0, afterSeq: 0, limit: 10_000 });
  return rows.map(({ json }) => readAuditEntry(json));
}

type Fields = Record<string, unknown>;
const fields = (value: unknown) => value as Fields;

/** Returns the fields of each schedule after all entries. */
function schedulesAfter(entries: readonly AuditEntry[], first: ReadonlyMap<string, Schedule>): Map<string, Fields> {
  const state = new Map<string, Fields>();
  for (const { verb, target, targets, after } of entries) {
    const known = state.get(target) ?? {};
    if (verb === "schedule.create" && targets.length === 0) state.set(target, { enabled: true, ...fields(after) });
    if (verb === "schedule.create") for (const id of targets) state.set(id, { ...first.get(id) });
    if (verb === "schedule.edit") state.set(target, { ...known, ...fields(after) });
    if (verb === "schedule.pause" || verb === "schedule.resume") {
      const { enabled, version } = fields(after);
      state.set(target, { ...known, enabled, version });
    }
    if (verb === "schedule.delete") state.set(target, { ...known, deleted: true, version: Number(known.version) + 1 });
  }
  return state;
}

/** Fields that are not part of the definition. */
const NOT_COMPARED = new Set([
  ...["scheduleId", "state", "createdAt", "createdBy", "updatedAt", "source", "sourceId"],
  ...["plannedSince", "pausedAt", "pausedUntil", "pausedBy", "pauseNote"],
]);

/** Returns the fields of a schedule that are compared. */
function compared(schedule: Fields): Fields {
  const isEmpty = (value: unknown) =>
    value === null || value === "" || (typeof value === "object" && Object.keys(value as object).length === 0);
  return Object.fromEntries(
    Object.entries(schedule).filter(([name, value]) => !NOT_COMPARED.has(name) && !isEmpty(value)),
  );
}

/** Returns the last state of each saved object that was not removed, by target. */
function leftOver(
  entries: readonly AuditEntry[],
  verbs: { save: readonly string[]; remove: string },
): Map<string, Fields> {
  const state = new Map<string, Fields>();
  for (const { verb, target, after } of entries) {
    if (verbs.save.includes(verb)) state.set(target, { ...state.get(target), ...fields(after) });
    if (verb === verbs.remove) state.delete(target);
  }
  return state;
}

test("after a run of every verb, the trail gives the final state, and the chain finds a removed row", async () => {
  const recording = keepRecording(stack.deps);
  const { ids, first } = await changeSchedules();
  await changeAccounts();
  await operate();
  await openAndCloseBreakers();
  await recording.stop();
  await decideAboutFailures();
  refuse();
  const entries = await trail();

  const seen = new Set(entries.map(({ verb }) => verb));
  expect(AUDIT_VERBS.filter((verb) => !seen.has(verb))).toEqual([]);
  for (const entry of entries) {
    expect(entry, entry.verb).toMatchObject({
      actor: expect.stringMatching(/./),
      requestId: expect.stringMatching(/./),
    });
    expect([SUCCEEDED, REFUSED]).toContain(entry.result);
  }

  const done = entries.filter(({ result }) => result === SUCCEEDED);
  const schedules = schedulesAfter(done, first);
  const stored = await rowsOf(ids);
  expect(stored).toHaveLength(5);
  for (const row of stored) {
    const { deleted, ...expected } = schedules.get(row.scheduleId) ?? {};
    expect(compared(expected), row.name ?? row.scheduleId).toEqual(compared({ ...row }));
    expect(deleted === true).toBe(row.state.deleted);
  }

  const users = leftOver(done, { save: ["user.create", "user.update", "user.password"], remove: "user.delete" });
  const { items } = await listUsers({ ctx });
  expect([...users.values()]).toEqual(items.map((user) => expect.objectContaining({ ...user })));
  const keys = leftOver(done, { save: ["api_key.create"], remove: "api_key.revoke" });
  const rotated = done.filter(({ verb }) => verb === "api_key.rotate");
  for (const { targets, targetName } of rotated) keys.set(targets[0] ?? "", { name: targetName });
  expect([...keys.values()].map(({ name }) => name)).toEqual(
    (await listApiKeys({ ctx })).items.map(({ name }) => name),
  );
  for (const [verb, list] of [
    ["role", listRoles],
    ["namespace", listNamespaces],
    ["service_account", listServiceAccounts],
  ] as const) {
    const left = leftOver(done, { save: [`${verb}.save`], remove: `${verb}.delete` });
    const now: { name: string }[] = (await list({ ctx })).items;
    expect([...left].map(([target, after]) => ({ name: target.split(":")[1], ...after }))).toEqual(
      now.map((one) => expect.objectContaining({ name: one.name })),
    );
    expect(now).toMatchObject([...left.values()]);
  }
  const [settings] = leftOver(done, { save: ["settings.change"], remove: "" }).values();
  const saved = Object.entries((await readStored(stack.deps)) ?? {}).map(([name, { value }]) => [name, value]);
  expect(settings).toEqual(Object.fromEntries(saved));
  const schemas = leftOver(done, { save: ["topic_schema.save"], remove: "topic_schema.delete" });
  const schemasNow = (await listTopicSchemas({ ctx })).items;
  expect([...schemas.keys()]).toEqual(schemasNow.map(({ topic }) => topic));
  const rules = leftOver(done, { save: ["topic_protection.save"], remove: "topic_protection.delete" });
  const rulesNow = (await listProtection({ ctx })).items;
  expect([...rules.keys()]).toEqual(rulesNow.map(({ topic }) => topic));
  const views = leftOver(done, { save: ["saved_view.save"], remove: "saved_view.delete" });
  const viewsNow = (await listViews({ ctx, input: { list: "schedules" } })).items;
  expect([...views.keys()]).toEqual(viewsNow.map(({ viewId }) => viewId));

  const verify = () => verifyAudit({ ctx, input: VerifyAuditInput.parse({ limit: 20_000 }) });
  expect(await verify()).toMatchObject({ intact: true, entries: entries.length });
  const client = createClickHouse({
    url: stack.env.CLICKHOUSE_URL as string,
    database: stack.env.CLICKHOUSE_DATABASE as string,
  });
  await client.command({
    sql: "DELETE FROM audit WHERE verb = 'user.delete'",
    settings: { lightweight_deletes_sync: "2" },
  });
  await client.close();
  expect(await verify()).toMatchObject({ intact: false, fault: { kind: "missing", chain: 0 } });
}, 120_000);
