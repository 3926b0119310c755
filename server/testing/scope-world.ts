import { FAILURES_TO_OPEN } from "~/server/domain/breaker";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import { startBulk } from "~/server/services/bulk";
import type { BulkJob } from "~/server/services/bulk/jobs";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { createBreakers } from "~/server/services/firing/breakers";
import { saveProtection } from "~/server/services/protection";
import { quarantineItem } from "~/server/services/quarantine/quarantine-item";
import {
  createSchedule,
  deleteSchedule,
  executeSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { saveTopicSchema } from "~/server/services/topic-schemas";
import { saveView } from "~/server/services/views";
import { anExecution } from "./executions";
import { recordAll } from "./recording";
import type { TestStack } from "./stack";

const HOUR_MS = 3_600_000;

/** What one namespace has. Every text in it contains the canary. */
export interface PlantedNamespace {
  canary: string;
  topic: string;
  scheduleIds: string[];
  executionIds: string[];
  jobId: string;
  /** A recurring schedule that was edited, paused and resumed. */
  scheduleId: string;
  /** A dead execution of `scheduleId`. */
  executionId: string;
  /** A schedule that is not recorded in ClickHouse yet. */
  freshId: string;
  deletedId: string;
}

/** The number of executions in the ledger of a namespace. It differs from the other counts of the test. */
export const PLANTED_EXECUTIONS = 7;

/**
 * Plants recurring, paused, one-time and deleted schedules, executions, a bulk job, audit entries, a breaker, a payload
 * schema, a protection rule, a shared view, quarantined bytes and a refused message under one topic prefix, with a
 * canary in every text. Records all but `freshId`.
 */
export async function plantNamespace(stack: TestStack, prefix: string): Promise<PlantedNamespace> {
  const { deps, ctx } = stack;
  const canary = `canary${prefix.replace(/\W/g, "")}x`;
  const topic = `${prefix}${canary}`;
  const base = {
    ...{ topic, entityType: `${canary}-type`, action: `${canary}-action`, entityId: `${canary}-entity` },
    ...{ payload: { secret: `${canary}-payload` }, headers: { "x-canary": `${canary}-header` } },
    ...{ tags: [`${canary}-tag`], description: `${canary}-description`, actorId: `${canary}-actor` },
  };
  const recurring = { ...base, cronExpression: "*/10 * * * *", timezone: "Europe/Berlin" };
  let made = 0;
  const create = async (over: object) => {
    made += 1;
    const text = { name: `${canary}-name-${made}`, correlationId: `${canary}-correlation-${made}` };
    const { schedule } = await createSchedule({ ctx, input: { ...recurring, ...text, ...over } as never });
    return schedule.scheduleId;
  };
  const scheduleId = await create({});
  await patchSchedule({ ctx, input: { scheduleId, patch: { description: `${canary}-edited` } } as never });
  await toggleSchedule({ ctx, input: { scheduleId, enabled: false, note: `${canary}-note` } });
  await toggleSchedule({ ctx, input: { scheduleId, enabled: true, missed: "none" } });
  await executeSchedule({ ctx, input: { scheduleId } });
  const paused = await create({});
  await toggleSchedule({ ctx, input: { scheduleId: paused, enabled: false, note: `${canary}-note` } });
  const { cronExpression: _, ...once } = recurring;
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const oneTime = async (ms: number) => {
    made += 1;
    const text = { name: `${canary}-name-${made}`, executionTime: at(ms) };
    return (await createSchedule({ ctx, input: { ...once, ...text } as never })).schedule.scheduleId;
  };
  const soon = await oneTime(HOUR_MS);
  const deletedId = await create({});
  await deleteSchedule({ ctx, input: { scheduleId: deletedId } });
  await saveTopicSchema({ ctx, input: { topic, schema: `{"title":"${canary}-schema","type":"object"}` } });
  await saveProtection({ ctx, input: { topic, paths: [`$.${canary}`], patterns: [], encrypt: false } });
  const view = { list: "schedules", name: `${canary}-view`, query: `q=${canary}`, shared: true } as const;
  await saveView({ ctx, input: view });
  const job = (await startBulk({
    ctx,
    input: { action: "retag", ids: [paused], addTags: [`${canary}-retagged`], note: `${canary}-note`, dryRun: false },
  })) as BulkJob;
  while (await runBulkStep(deps));
  const executions = executionsOf({ canary, topic, scheduleId });
  await deps.store.insertBatch({ token: canary, schedules: [], executions });
  const breakers = createBreakers(deps);
  for (let n = 0; n < FAILURES_TO_OPEN; n += 1) {
    await breakers.recordCalls(`topic:${topic}`, { ok: 0, failed: 1, error: `${canary}-error` });
  }
  const bytes = JSON.stringify({ canary });
  const found = { step: "record", kind: "document", shard: 0, key: `g|${canary}`, bytes } as const;
  await quarantineItem(deps, { ...found, error: new Error(`${canary}-quarantine`) });
  const refused = { id: `${topic}/0/1`, at: Date.now(), topic, partition: "0", offset: "1" };
  const fault = { code: "event_invalid", reason: `${canary}-refused`, field: "value", value: canary };
  await deps.hot.append(DOCUMENT_KIND.refusedMessage, JSON.stringify({ ...refused, ...fault }));
  await recordAll(deps, 0);
  const freshId = await create({});
  return {
    ...{ canary, topic, scheduleId, freshId, deletedId, jobId: job.jobId },
    scheduleIds: [scheduleId, paused, soon, deletedId, freshId],
    executionIds: executions.map(({ executionId }) => executionId),
    executionId: executions[0]?.executionId as string,
  };
}

function executionsOf(input: { canary: string; topic: string; scheduleId: string }): Execution[] {
  const { canary, topic, scheduleId } = input;
  return Array.from({ length: PLANTED_EXECUTIONS }, (_, n) =>
    anExecution({
      ...{ scheduleId, topic, scheduleName: `${canary}-name-1`, scheduledFor: Date.now() - (n + 1) * 120_000 },
      ...{ entityType: `${canary}-type`, action: `${canary}-action`, entityId: `${canary}-entity` },
      ...{ correlationId: `${canary}-correlation-1`, payload: JSON.stringify({ secret: `${canary}-payload` }) },
      ...{ headers: { "x-canary": `${canary}-header` }, actor: `${canary}-actor`, note: `${canary}-note` },
      ...(n % 2 === 0
        ? {
            ...({ outcome: "dead", reason: "retries_used_up", errorClass: "publish", firedAt: null } as const),
            error: `${canary}-error`,
          }
        : {}),
    }),
  );
}
