import { type Execution, stringifyJson } from "@stufio/schedules-client";
import type { Context } from "./context.js";
import { EXIT, type ExitCode } from "./exit.js";
import { outcomeCell } from "./output/cells.js";
import type { Cell, Show } from "./output/table.js";

/** Waits until an execution has ended. @throws SchedulesError `timeout` if it does not end within `seconds` */
export async function waitFor(context: Context, executionId: string, seconds: number): Promise<Execution> {
  const client = await context.client();
  context.progress.update(`Waiting for execution ${executionId} …`);
  return client.waitForExecution(executionId, { ...context.call, timeoutMs: seconds * 1000 });
}

/** Prints an ended execution. Returns an exit code that says whether it succeeded. */
export function executionResult(context: Context, execution: Execution): ExitCode {
  context.progress.end();
  context.print.record(execution, executionFields);
  return execution.status === "succeeded" ? EXIT.ok : EXIT.failure;
}

/** The fields of an execution, for a table. */
export function executionFields(one: Execution, show: Show): [string, Cell][] {
  const optional = (name: string, value: Cell): [string, Cell][] => (value ? [[name, value]] : []);
  return [
    ["id", one.execution_id],
    ["schedule", `${one.schedule_name ?? `${one.entity_type} ${one.action}`} (${one.schedule_id})`],
    ["status", outcomeCell(one.status)],
    ...optional("reason", one.reason),
    ...optional("error", one.error),
    ["trigger", one.actor === null ? one.trigger : `${one.trigger} by ${one.actor}`],
    ...optional("replay of", one.replay_of),
    ["topic", one.topic],
    ["scheduled for", show.time(one.scheduled_for)],
    ["fired", show.time(one.fired_at)],
    ["ended", show.time(one.ended_at)],
    ["late by", `${one.lateness_ms} ms`],
    ...one.attempts.map((attempt): [string, Cell] => [
      `attempt ${attempt.n}`,
      `${show.time(attempt.at)}, ${attempt.duration_ms} ms${attempt.error === null ? "" : `: ${attempt.error}`}`,
    ]),
    ["payload", stringifyJson(one.payload)],
  ];
}
