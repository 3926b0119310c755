import { AppError } from "~/server/domain/errors";
import { keyedScheduleId } from "~/server/domain/ids";
import type { Schedule, ScheduleInput } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { Ctx, Deps } from "../ctx";
import { decodeAnswer, encodeAnswer, KEEP_MS, type Kept, type Keyed } from "../idempotency";
import { findSchedule } from "./current";
import { durableOrUndone } from "./durable";
import { releaseUnused, reserveName } from "./names";
import {
  auditCreate,
  type CreatedSchedule,
  durabilityOf,
  type Facts,
  type Placed,
  placedDefinition,
  storeNew,
} from "./new-schedule";
import { scheduleView } from "./view";

/** How long a create may wait for ClickHouse before another request with its key may finish it. */
const CLAIM_MS = 15_000;
/** Creates under one key that were taken back, within a day. */
const MAX_ATTEMPTS = 100;

/**
 * What is kept of a create: with the repeated request, it gives the same schedule again. In the order of
 * `FactSettings`.
 */
type KeptFacts = [scheduleId: string, nowMs: number, ...settings: (string | number)[]];
const FACT_SETTINGS = [
  "timezone",
  "maxRetries",
  "retryDelaySeconds",
  "immediateHorizonSeconds",
  "maxDeliveryDelaySeconds",
] as const satisfies readonly (keyof Settings)[];

interface Call {
  ctx: Ctx;
  keyed: Keyed;
  /** As the caller gave it; kept as the schedule's source. */
  key: string;
  definition: ScheduleInput;
}

/**
 * Creates a schedule under an idempotency key. The key's answer is stored by the call that stores the schedule, so a
 * repeat finds both or neither, and a near create asks nothing but Redis, once. Throws what `createSchedule` throws.
 */
export async function createKeyed(call: Call): Promise<CreatedSchedule> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const made = await tryCreate(call, attempt);
    if (made !== "taken_back") return made;
  }
  throw new AppError("conflict", "Too many creates under this Idempotency-Key were taken back. Use another key.");
}

async function tryCreate(call: Call, attempt: number): Promise<CreatedSchedule | "taken_back"> {
  const { ctx, keyed } = call;
  const { hot, clock, settings } = ctx.deps;
  const nowMs = clock.now();
  const shard = hot.shardOf(keyed.name);
  const window = Math.floor(nowMs / KEEP_MS);
  const scheduleId = keyedScheduleId({ digest: keyed.name, window, attempt }, (id) => hot.shardOf(id) === shard);
  const facts: Facts = { scheduleId, nowMs, settings: settings.current() };
  let placed: Placed;
  let reserved: boolean;
  try {
    placed = build(call, facts);
    reserved = await reserveName(ctx.deps, placed.schedule);
  } catch (error) {
    // A repeat may come when the time has passed, or somebody else has the name: its answer is still the first one.
    const known = await hot.answers.read({ shard, name: keyed.name });
    if (known === null) throw error;
    return answered(call, known);
  }
  const isFar = placed.placement.tier === "clickhouse";
  const body = keptFacts(facts);
  const value = encodeAnswer(keyed, { untilMs: isFar ? nowMs + CLAIM_MS : null, body });
  const result = await storeNew(ctx, placed, { name: keyed.name, value, ttlMs: KEEP_MS });
  if (result.status === "stored") {
    if (isFar) await confirm(call, { schedule: result.schedule, value, body });
    await auditCreate(ctx, result.schedule);
    return {
      schedule: scheduleView(result.schedule),
      durable: await durabilityOf(ctx.deps, placed.placement.tier),
      created: true,
    };
  }
  if (reserved) await releaseUnused(ctx.deps, placed.schedule);
  if (result.status === "answered") return answered(call, result.answer);
  // Redis lost the answer, but not what the derived id stands for.
  return result.status === "deleted" ? "taken_back" : existing(ctx.deps, placed.schedule);
}

function build({ ctx, key, definition }: Call, facts: Facts): Placed {
  return placedDefinition(ctx, definition, { ...facts, sourceId: `${ctx.principal?.id}:${key}` });
}

/** Waits for ClickHouse, then makes the claim an answer; or takes schedule and claim back. */
async function confirm(call: Call, made: { schedule: Schedule; value: string; body: KeptFacts }): Promise<void> {
  const { keyed, ctx } = call;
  const { hot, log } = ctx.deps;
  const { name } = keyed;
  await durableOrUndone(ctx, { schedule: made.schedule, answer: { name, value: null, ttlMs: KEEP_MS } });
  const value = encodeAnswer(keyed, { untilMs: null, body: made.body });
  // Without it, a repeat looks in ClickHouse once more.
  await hot.answers
    .end({ shard: hot.shardOf(name), name, expected: made.value, value, ttlMs: KEEP_MS })
    .catch((error) => log.warn({ err: error }, "end of an idempotency key not stored"));
}

/**
 * The first answer again. Where the first request died before ClickHouse confirmed its schedule, this one finishes it.
 */
async function answered(call: Call, value: string): Promise<CreatedSchedule> {
  const { ctx, keyed } = call;
  const { body, untilMs }: Kept = decodeAnswer(keyed, value, ctx.deps.clock.now());
  const kept = body as KeptFacts;
  const { schedule, placement } = build(call, factsOf(kept, ctx.deps));
  if (untilMs !== null) await confirm(call, { schedule, value, body: kept });
  return { schedule: scheduleView(schedule), durable: await durabilityOf(ctx.deps, placement.tier), created: false };
}

function keptFacts({ scheduleId, nowMs, settings }: Facts): KeptFacts {
  return [scheduleId, nowMs, ...FACT_SETTINGS.map((name) => settings[name])];
}

function factsOf([scheduleId, nowMs, ...values]: KeptFacts, deps: Deps): Facts {
  const then = Object.fromEntries(FACT_SETTINGS.map((name, i) => [name, values[i]]));
  return { scheduleId, nowMs, settings: { ...deps.settings.current(), ...then } };
}

/** What the id stands for, if the request asks for the same. Throws `idempotency_key_reused`. */
async function existing(deps: Deps, asked: Schedule): Promise<CreatedSchedule> {
  const found = await findSchedule(deps, asked.scheduleId);
  if (found === null) throw new AppError("conflict", "The schedule was created a moment ago; ask again.");
  if (essence(found) !== essence(asked)) {
    throw new AppError("idempotency_key_reused", "This Idempotency-Key was used for another schedule.");
  }
  return { schedule: scheduleView(found), durable: await durabilityOf(deps, found.state.tier), created: false };
}

function essence(s: Schedule): string {
  const { name, topic, entityType, entityId, action, payload, cronExpression, executionTime, timezone } = s;
  return JSON.stringify([name, topic, entityType, entityId, action, payload, cronExpression, executionTime, timezone]);
}
