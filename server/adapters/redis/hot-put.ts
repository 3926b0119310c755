import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import { type HotRedis, listReply, textOf } from "./hot-redis";
import type { HotTier, InstanceInput, Placement, PlannedOccurrence, PutInput, PutResult } from "./hot-tier-types";
import { encodeExecution, encodeWhere, storedSchedule } from "./outbox";
import { packId, packKey } from "./packed-id";
import { encodeMeta, encodePlan, encodeRecord, encodeTimes } from "./record";
import { enqueueScript, promoteScript, putScript } from "./scripts";

/** One call holds Redis for some milliseconds at most, and its arguments stay within a few MB. */
const MAX_ITEMS = 500;
const MAX_CHARS = 4_000_000;

interface Item {
  index: number;
  shard: number;
  args: string[];
  chars: number;
}

/** Creating, editing, promoting, and running beside the plan. */
export function createPut(hot: HotRedis): Pick<HotTier, "put" | "putMany" | "promote" | "enqueue"> {
  const wake = hot.keys.wake;

  async function putMany(inputs: readonly PutInput[]): Promise<PutResult[]> {
    const results: PutResult[] = new Array(inputs.length);
    const items = inputs.map((input, index) => item(hot, index, input.schedule.scheduleId, encodePut(input)));
    await eachShard(items, async (shard, chunk) => {
      const reply = listReply(
        await hot.run(putScript, {
          shard,
          args: { wake, count: chunk.length },
          items: argsOf(chunk),
        }),
      );
      for (const [at, { index }] of chunk.entries()) {
        const from = 3 * at;
        const answer = {
          status: textOf(reply[from]),
          value: textOf(reply[from + 1]),
          outboxId: textOf(reply[from + 2]),
        };
        results[index] = putResult(inputs[index] as PutInput, answer);
      }
    });
    return results;
  }

  return {
    putMany,
    put: async (input) => (await putMany([input]))[0] as PutResult,

    async promote(rows) {
      const results: ("promoted" | "present" | "fenced")[] = new Array(rows.length);
      const items = rows.map((row, index) => item(hot, index, row.schedule.scheduleId, encodePromotion(row)));
      await eachShard(items, async (shard, chunk) => {
        const reply = await hot.run(promoteScript, {
          shard,
          args: { wake, count: chunk.length },
          items: argsOf(chunk),
        });
        listReply(reply).forEach((code, at) => {
          results[(chunk[at] as Item).index] = code === "p" ? "promoted" : code === "f" ? "fenced" : "present";
        });
      });
      return results;
    },

    async enqueue({ schedule, instance, versionNow }) {
      const [key, times, lane, meta] = encodeInstance(instance);
      const { head, rest } = encodeRecord(schedule);
      const { state, scheduleId: id } = schedule;
      const reply = await hot.run(enqueueScript, {
        shard: hot.keys.shardOf(id),
        args: {
          id: packId(id),
          ...{ wake, head, rest, key, times, lane, meta },
          version: versionNow ?? schedule.version,
          completed: state.completed ? 1 : 0,
          deleted: state.deleted ? 1 : 0,
          next: state.nextExecution ?? "",
        },
      });
      return reply === 1;
    },
  };
}

/** All arguments of a chunk, one after another. */
function argsOf(chunk: readonly Item[]): string[] {
  const args: string[] = [];
  for (const one of chunk) for (const arg of one.args) args.push(arg);
  return args;
}

function item(hot: HotRedis, index: number, scheduleId: string, args: string[]): Item {
  let chars = 0;
  for (const arg of args) chars += arg.length;
  return { index, shard: hot.keys.shardOf(scheduleId), args, chars };
}

/** Shards side by side; the chunks of one shard in order, since a watermark passes what comes before it. */
async function eachShard(items: readonly Item[], send: (shard: number, chunk: Item[]) => Promise<void>): Promise<void> {
  const byShard = new Map<number, Item[]>();
  for (const one of items) {
    const list = byShard.get(one.shard);
    if (list) list.push(one);
    else byShard.set(one.shard, [one]);
  }
  await Promise.all(
    [...byShard].map(async ([shard, list]) => {
      for (const chunk of chunks(list)) await send(shard, chunk);
    }),
  );
}

function* chunks(items: readonly Item[]): Generator<Item[]> {
  let chunk: Item[] = [];
  let chars = 0;
  for (const one of items) {
    if (chunk.length > 0 && (chunk.length >= MAX_ITEMS || chars + one.chars > MAX_CHARS)) {
      yield chunk;
      chunk = [];
      chars = 0;
    }
    chunk.push(one);
    chars += one.chars;
  }
  if (chunk.length > 0) yield chunk;
}

function encodePut(input: PutInput): string[] {
  const { schedule, watermark, executions = [], instances = [] } = input;
  // Its source may say it again after it fired. Where no watermark tells, a fence must.
  const mayRepeat = schedule.sourceId !== null && watermark === undefined;
  const { head, rest } = encodeRecord(schedule, mayRepeat ? "f" : "");
  const [score, plan] = hotArgs(schedule, input.placement);
  const args = [
    packId(schedule.scheduleId),
    input.expectedVersion === null ? "" : String(input.expectedVersion),
    head,
    rest,
    encodeWhere(whereOf(input)),
    score,
    plan,
    watermark ? `${watermark.partition}|${watermark.offset}|${watermark.timestampMs}` : "",
    String(executions.length),
    String(instances.length),
  ];
  for (const row of executions) args.push(`${row.scheduledFor}|${encodeExecution(row)}`);
  for (const instance of instances) args.push(...encodeInstance(instance));
  return args;
}

function whereOf({ schedule, placement }: PutInput) {
  const { completed, deleted } = schedule.state;
  if (placement.tier === "clickhouse") {
    return { tier: placement.tier, completed, deleted, nextExecution: placement.nextExecution };
  }
  const nextExecution = placement.plan[0]?.nominalMs ?? null;
  return { tier: placement.tier, completed: false, deleted: false, nextExecution };
}

/** Score and plan. A recurring schedule may come without a plan: it is planned when it is claimed. */
function hotArgs(schedule: Schedule, placement: Placement): [score: string, plan: string] {
  if (placement.tier === "clickhouse") return ["", ""];
  return scoreAndPlan(schedule, placement.plan);
}

function scoreAndPlan(schedule: Schedule, plan: readonly PlannedOccurrence[]): [score: string, plan: string] {
  const first = plan[0];
  if (schedule.cronExpression !== null) return [first ? String(first.effectiveMs) : "now", encodePlan(plan)];
  if (schedule.executionTime === null) {
    throw new AppError("internal", `The schedule ${schedule.scheduleId} has neither a cron expression nor a time.`);
  }
  return [String(first?.effectiveMs ?? schedule.executionTime), ""];
}

export function encodeInstance(instance: InstanceInput): [key: string, times: string, lane: string, meta: string] {
  const meta = encodeMeta({ attempts: instance.attempts ?? [], actor: instance.actor });
  return [packKey(instance.key), encodeTimes(instance), instance.lane ?? "", meta];
}

/** The row enters as a write of its own: its next revision says that it is hot now. */
function encodePromotion(row: { schedule: Schedule; plan: readonly PlannedOccurrence[] }): string[] {
  const { schedule, plan } = row;
  const { revision, nextExecution } = schedule.state;
  const { head, rest } = encodeRecord({ ...schedule, state: { ...schedule.state, revision: revision + 1 } }, "fp");
  const next = String(plan[0]?.nominalMs ?? nextExecution ?? "");
  return [packId(schedule.scheduleId), String(revision), head, rest, next, ...scoreAndPlan(schedule, plan)];
}

function putResult(input: PutInput, answer: { status: string; value: string; outboxId: string }): PutResult {
  const { status, value, outboxId } = answer;
  switch (status) {
    case "s":
      return { status: "stored", schedule: storedSchedule(input.schedule, whereOf(input), value), outboxId };
    case "e":
      return { status: "exists" };
    case "t":
      return { status: "stale", currentVersion: Number(value) };
    case "d":
      return { status: "deleted" };
    case "i":
      return { status: "in_flight" };
    default:
      throw new AppError("internal", `put.lua answered ${JSON.stringify(status)}.`);
  }
}
