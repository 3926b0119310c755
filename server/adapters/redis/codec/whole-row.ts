import { z } from "zod";
import { OUTCOMES, SOURCES, TRIGGERS } from "~/server/domain/choices";
import { DataFault } from "~/server/domain/data-fault";
import { Attempt, type Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

/*
 * Rows in the outbox that are whole JSON, possibly edited by an operator. The recorder and the lists read the fields
 * below, so they are checked here: one invalid row must not fail a whole batch.
 */

const Text = z.string();
const Ms = z.int();
const Headers = z.union([z.record(z.string(), z.string()), z.array(z.array(z.string().nullable()))]);

const WholeSchedule = z.looseObject({
  scheduleId: z.guid(),
  name: Text.nullable(),
  ...{ description: Text, topic: Text, entityType: Text, action: Text, payload: Text, correlationId: Text },
  ...{ timezone: Text, createdBy: Text },
  tags: z.array(Text),
  enabled: z.boolean(),
  headers: Headers,
  source: z.enum(SOURCES),
  cronExpression: Text.nullable(),
  executionTime: Ms.nullable(),
  catchUp: z.looseObject({}),
  ...{ priority: z.int(), version: z.int(), createdAt: Ms, updatedAt: Ms },
  state: z.looseObject({
    revision: z.int(),
    executionCount: z.int(),
    errorCount: z.int(),
    nextExecution: Ms.nullable(),
  }),
});

const WholeExecution = z.looseObject({
  ...{ executionId: Text, scheduleId: Text },
  ...{ key: Text, topic: Text, entityType: Text, action: Text, payload: Text, correlationId: Text },
  ...{ scheduledFor: Ms, effectiveAt: Ms, endedAt: Ms, latenessMs: z.number() },
  ...{ outcome: z.enum(OUTCOMES), trigger: z.enum(TRIGGERS), source: z.enum(SOURCES) },
  firedAt: Ms.nullable(),
  attempts: z.array(Attempt),
  headers: Headers,
});

/** @throws DataFault that names the first invalid field, SyntaxError for invalid JSON. */
export function decodeWholeSchedule(json: string): Schedule {
  return rowOf(WholeSchedule, json) as Schedule;
}

/** @throws DataFault that names the first invalid field, SyntaxError for invalid JSON. */
export function decodeWholeExecution(json: string): Execution {
  return rowOf(WholeExecution, json) as Execution;
}

/** Returns the parsed JSON, with the fields that the schema does not know. */
function rowOf(schema: z.ZodType, json: string): unknown {
  const row: unknown = JSON.parse(json);
  const issue = schema.safeParse(row).error?.issues[0];
  if (issue) throw new DataFault(`Not a whole row: ${issue.path.join(".") || "(row)"}: ${issue.message}`);
  return row;
}
