import type { InstanceInput } from "~/server/domain/changes/change";
import { DataFault } from "~/server/domain/data-fault";
import { AppError } from "~/server/domain/errors";
import type { Placement } from "~/server/domain/placement";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { HotInstances } from "~/server/ports/hot/instances";
import type { HotSchedules, PutInput, PutResult } from "~/server/ports/hot/schedules";
import { encodeExecution, encodeRowState, storedSchedule } from "./codec/outbox";
import { packId, packKey } from "./codec/packed-id";
import {
  encodeMeta,
  encodePlan,
  encodePlanWithRuns,
  encodeRecord,
  encodeTimes,
  isBounded,
  wholeNumber,
} from "./codec/record";
import { type HotRedis, listReply, textOf } from "./hot-redis";
import { enqueueScript, promoteScript, putScript } from "./script/scripts";

/** Maximum number of items in one call, so that a call blocks Redis for a few milliseconds at most. */
const MAX_ITEMS = 500;
/** A call with this many characters of arguments gets no further item, for the same reason. */
const MAX_CHARS = 4_000_000;

/** The arguments of one call, and the indexes of its inputs. */
interface Chunk {
  indexes: number[];
  args: string[];
}

export function createPut(
  hot: HotRedis,
): Pick<HotSchedules, "put" | "putMany" | "promote"> & Pick<HotInstances, "enqueue" | "enqueueOnce"> {
  const wake = hot.keys.wake;

  async function putMany(inputs: readonly PutInput[], newEntry?: () => string): Promise<PutResult[]> {
    // A call stores at most one answer.
    const answer = inputs.length === 1 ? inputs[0]?.answer : undefined;
    const results: PutResult[] = new Array(inputs.length);
    await inChunks(inputs, {
      encode: encodePut,
      async send(shard, { indexes, args }) {
        // One audit entry for each call.
        const ids = () => indexes.map((index) => (inputs[index] as PutInput).schedule.scheduleId).join(",");
        const entry = newEntry === undefined ? { entry: "", entryIds: "" } : { entry: newEntry(), entryIds: ids() };
        const call = { shard, args: { wake, count: indexes.length, ...answerArgs(answer), ...entry }, items: args };
        const reply = listReply(await hot.run(putScript, { ...call, answer: answer?.name }));
        for (const [at, index] of indexes.entries()) {
          results[index] = putResult(inputs[index] as PutInput, textOf(reply[at]));
        }
      },
    });
    return results;
  }

  /** Sends chunks concurrently, so that a chunk is encoded while Redis processes the previous chunk. */
  async function inChunks<T extends { schedule: Schedule; position?: unknown }>(
    inputs: readonly T[],
    call: { encode: (input: T, into: string[]) => void; send: (shard: number, chunk: Chunk) => Promise<void> },
  ): Promise<void> {
    await Promise.all(
      [...byShard(hot, inputs)].map(async ([shard, indexes]) => {
        const sent: Promise<void>[] = [];
        for (const chunk of chunks(inputs, indexes, call.encode)) {
          sent.push(call.send(shard, chunk));
          // A watermark covers all earlier messages, so they must be stored first.
          if (inputs[chunk.indexes[0] as number]?.position !== undefined) await sent.at(-1);
        }
        await Promise.all(sent);
      }),
    );
  }

  return {
    putMany,
    put: async (input) => (await putMany([input]))[0] as PutResult,

    async promote(rows) {
      const results: ("promoted" | "present" | "fenced")[] = new Array(rows.length);
      await inChunks(rows, {
        encode: encodePromotion,
        async send(shard, { indexes, args }) {
          const call = { shard, args: { wake, count: indexes.length }, items: args };
          const reply = listReply(await hot.run(promoteScript, call));
          for (const [at, index] of indexes.entries()) {
            results[index] = reply[at] === "p" ? "promoted" : reply[at] === "f" ? "fenced" : "present";
          }
        },
      });
      return results;
    },

    enqueue: async (input) => (await enqueue(input)) === 1,

    async enqueueOnce(input) {
      const reply = await enqueue(input);
      if (typeof reply === "string") return { status: "answered", answer: reply };
      return { status: reply === 1 ? "added" : "present" };
    },
  };

  async function enqueue(input: Parameters<HotInstances["enqueue"]>[0] & { answer?: KeptAnswer }): Promise<unknown> {
    const { schedule, instance, currentVersion, hasOwnContent, entry = "", answer } = input;
    const [key, times, lane, meta] = encodeInstance(instance);
    const { head, rest } = encodeRecord(schedule, hasOwnContent ? "e" : "");
    const { state, scheduleId: id } = schedule;
    return hot.run(enqueueScript, {
      shard: hot.keys.shardOf(id),
      answer: answer?.name,
      args: {
        id: packId(id),
        ...{ wake, head, rest, key, times, lane, meta },
        version: currentVersion ?? schedule.version,
        completed: state.completed ? 1 : 0,
        deleted: state.deleted ? 1 : 0,
        next: state.nextExecution ?? "",
        runs: isBounded(schedule) ? state.runsTaken : "",
        ...answerArgs(answer),
        entry,
      },
    });
  }
}

function answerArgs(answer: KeptAnswer | undefined): { answer: string; answerMs: number } {
  return { answer: answer?.value ?? "", answerMs: answer?.ttlMs ?? 0 };
}

/** The indexes of the inputs by shard, in the order of the inputs. */
function byShard(hot: HotRedis, inputs: readonly { schedule: Schedule }[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [index, { schedule }] of inputs.entries()) {
    const shard = hot.keys.shardOf(schedule.scheduleId);
    const list = found.get(shard);
    if (list) list.push(index);
    else found.set(shard, [index]);
  }
  return found;
}

/** Splits the inputs into chunks, and encodes each chunk only when it is requested. */
function* chunks<T>(
  inputs: readonly T[],
  indexes: readonly number[],
  encode: (input: T, into: string[]) => void,
): Generator<Chunk> {
  let chunk: Chunk = { indexes: [], args: [] };
  let chars = 0;
  for (const index of indexes) {
    const from = chunk.args.length;
    encode(inputs[index] as T, chunk.args);
    chunk.indexes.push(index);
    for (let at = from; at < chunk.args.length; at += 1) chars += (chunk.args[at] as string).length;
    if (chunk.indexes.length < MAX_ITEMS && chars < MAX_CHARS) continue;
    yield chunk;
    chunk = { indexes: [], args: [] };
    chars = 0;
  }
  if (chunk.indexes.length > 0) yield chunk;
}

function encodePut(input: PutInput, into: string[]): void {
  const { schedule, position, executions = [], documents = [], instances = [] } = input;
  // After the schedule has fired, a redelivered message without a position can be refused only by a fence.
  const mayRepeat = schedule.sourceId !== null && position === undefined;
  const { head, rest } = encodeRecord(schedule, mayRepeat ? "f" : "");
  const [score, plan] = hotArgs(schedule, input.placement);
  const positionText = position ? `${position.partition}|${position.offset}|${position.timestampMs}` : "";
  const rowState = encodeRowState(rowStateOf(input));
  const options = `${input.expectedVersion ?? ""};${rowState};${score};${executions.length + documents.length};${instances.length};${positionText}`;
  into.push(packId(schedule.scheduleId), head, rest, encodePlanWithRuns(schedule, plan), options);
  for (const row of executions) into.push(`${wholeNumber(row.scheduledFor, "scheduled_for")}|${encodeExecution(row)}`);
  for (const { kind, json } of documents) into.push(`${kind}|${json}`);
  for (const instance of instances) into.push(...encodeInstance(instance));
}

function rowStateOf({ schedule, placement }: PutInput) {
  const { completed, deleted } = schedule.state;
  if (placement.tier === "clickhouse") {
    return { tier: placement.tier, completed, deleted, nextExecution: placement.nextExecution };
  }
  const nextExecution = placement.plan[0]?.nominalMs ?? null;
  return { tier: placement.tier, completed: false, deleted: false, nextExecution };
}

/** The score in the lane and the plan; both empty for a long-term schedule. */
function hotArgs(schedule: Schedule, placement: Placement): [score: string, plan: string] {
  if (placement.tier === "clickhouse") return ["", ""];
  return scoreAndPlan(schedule, placement.plan);
}

/** A recurring schedule without a plan is due now, so that its claim has the plan computed. */
function scoreAndPlan(schedule: Schedule, plan: readonly PlannedOccurrence[]): [score: string, plan: string] {
  const first = plan[0];
  if (schedule.cronExpression !== null)
    return [first ? String(wholeNumber(first.effectiveMs, "effective time")) : "now", encodePlan(plan)];
  if (schedule.executionTime === null) {
    throw new DataFault(`The schedule ${schedule.scheduleId} has neither a cron expression nor an execution time.`);
  }
  return [String(wholeNumber(first?.effectiveMs ?? schedule.executionTime, "effective time")), ""];
}

export function encodeInstance(instance: InstanceInput): [key: string, times: string, lane: string, meta: string] {
  const meta = encodeMeta({ attempts: instance.attempts ?? [], actor: instance.actor });
  return [packKey(instance.key), encodeTimes(instance), instance.lane ?? "", meta];
}

/** Encodes an item of promote.lua. Promotion is a write, so the row gets the next revision. */
function encodePromotion(row: { schedule: Schedule; plan: readonly PlannedOccurrence[] }, into: string[]): void {
  const { schedule, plan } = row;
  const { revision, nextExecution } = schedule.state;
  const { head, rest } = encodeRecord({ ...schedule, state: { ...schedule.state, revision: revision + 1 } }, "fp");
  const next = String(plan[0]?.nominalMs ?? nextExecution ?? "");
  const [score, planText] = scoreAndPlan(schedule, plan);
  into.push(
    packId(schedule.scheduleId),
    String(revision),
    head,
    rest,
    next,
    score,
    encodePlanWithRuns(schedule, planText),
  );
}

/** Decodes the reply of put.lua for one item: a status letter and its data. */
function putResult(input: PutInput, reply: string): PutResult {
  const value = reply.slice(1);
  switch (reply[0]) {
    case "s":
      return { status: "stored", schedule: storedSchedule(input.schedule, rowStateOf(input), value) };
    case "e":
      return { status: "exists" };
    case "t":
      return { status: "stale", currentVersion: Number(value) };
    case "d":
      return { status: "deleted" };
    case "i":
      return { status: "in_flight" };
    case "k":
      return { status: "answered", answer: value };
    default:
      throw new AppError("internal", `put.lua returned the unknown status ${JSON.stringify(reply)}.`);
  }
}
