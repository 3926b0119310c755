import { AppError } from "~/server/domain/errors";
import { keyedScheduleId } from "~/server/domain/ids";
import type { Schedule, ScheduleInput } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { Ctx, Deps } from "../ctx";
import { decodeAnswer, encodeAnswer, KEY_RETENTION_MS, type KeyedRequest, type StoredAnswer } from "../idempotency";
import { findSchedule } from "../newest-schedules";
import { openContent } from "../protection/seal";
import type { StoredContent } from "./build";
import { durableOrUndone } from "./durable";
import { releaseUnused, reserveName } from "./names";
import {
  type CreateContext,
  type CreatedSchedule,
  durabilityOf,
  type Placed,
  placedDefinition,
  storeNew,
} from "./new-schedule";
import { scheduleView } from "./view";

/** How long a create may wait for ClickHouse before a request with the same key may take it over, ms. */
const CLAIM_MS = 15_000;
/** Maximum number of ids derived from one key. A repeat skips the ids of deleted schedules. */
const MAX_ATTEMPTS = 100;

/**
 * Stored with an idempotency key, so that a repeated request builds the same schedule. The settings are in the order of
 * `STORED_SETTINGS`.
 */
type StoredContext = [scheduleId: string, nowMs: number, ...settings: (string | number | boolean)[]];
const STORED_SETTINGS = [
  "timezone",
  "maxRetries",
  "retryDelaySeconds",
  "immediateHorizonSeconds",
  "maxDeliveryDelaySeconds",
  "assistantSchedulesNeedEnd",
] as const satisfies readonly (keyof Settings)[];

interface Call {
  ctx: Ctx;
  keyed: KeyedRequest;
  /** The caller's key, stored in the schedule's `sourceId`. */
  key: string;
  definition: ScheduleInput;
  /** Its values replace the masks of the definition. */
  stored: StoredContent | null;
}

/**
 * Creates a schedule under an idempotency key. One Redis call stores the schedule and the key's answer, so a repeat
 * finds both or neither, except after a rebuild of Redis. Throws what `createSchedule` throws.
 */
export async function createKeyed(call: Call): Promise<CreatedSchedule> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const created = await tryCreate(call, attempt);
    if (created !== "undone") return created;
  }
  throw new AppError("conflict", "Too many creates under this Idempotency-Key were undone. Use another key.");
}

async function tryCreate(call: Call, attempt: number): Promise<CreatedSchedule | "undone"> {
  const { ctx, keyed } = call;
  const { hot, clock, settings } = ctx.deps;
  const nowMs = clock.now();
  const shard = hot.shardOf(keyed.name);
  const window = Math.floor(nowMs / KEY_RETENTION_MS);
  const scheduleId = keyedScheduleId({ digest: keyed.name, window, attempt }, (id) => hot.shardOf(id) === shard);
  const context: CreateContext = { scheduleId, nowMs, settings: settings.current() };
  let placed: Placed;
  let isNameNew: boolean;
  try {
    placed = await build(call, context);
    isNameNew = await reserveName(ctx.deps, placed.schedule);
  } catch (error) {
    // A repeat gets the first answer, even if the execution time has passed or the name is taken now.
    const known = await hot.answers.read({ shard, name: keyed.name });
    if (known === null) throw error;
    return createdEarlier(call, known);
  }
  const isInClickHouse = placed.placement.tier === "clickhouse";
  const body = storedContext(context);
  const value = encodeAnswer(keyed, { untilMs: isInClickHouse ? nowMs + CLAIM_MS : null, body });
  const result = await storeNew(ctx, placed, { name: keyed.name, value, ttlMs: KEY_RETENTION_MS });
  if (result.status === "stored") {
    if (isInClickHouse) await confirm(call, { schedule: result.schedule, value, body });
    return {
      schedule: await scheduleView(ctx.deps, result.schedule),
      durable: await durabilityOf(ctx.deps, placed.placement.tier),
      created: true,
    };
  }
  if (isNameNew) await releaseUnused(ctx.deps, placed.schedule);
  if (result.status === "answered") return createdEarlier(call, result.answer);
  // `deleted`: the create was undone. `exists`: Redis lost its data, and the rebuild restored the schedule from
  // ClickHouse, but not the answer.
  return result.status === "deleted" ? "undone" : existingSchedule(ctx.deps, placed.schedule);
}

function build({ ctx, key, definition, stored }: Call, context: CreateContext): Promise<Placed> {
  return placedDefinition(ctx, definition, { ...context, stored, sourceId: `${ctx.principal?.id}:${key}` });
}

/**
 * Waits for ClickHouse, then replaces the pending answer with the final one. If ClickHouse does not confirm in time,
 * deletes the schedule and the pending answer.
 */
async function confirm(call: Call, claimed: { schedule: Schedule; value: string; body: StoredContext }): Promise<void> {
  const { keyed, ctx } = call;
  const { hot, log } = ctx.deps;
  const { name } = keyed;
  await durableOrUndone(ctx, { schedule: claimed.schedule, answer: { name, value: null, ttlMs: KEY_RETENTION_MS } });
  const value = encodeAnswer(keyed, { untilMs: null, body: claimed.body });
  // If this fails, a repeat asks ClickHouse once more.
  await hot.answers
    .end({ shard: hot.shardOf(name), name, expected: claimed.value, value, ttlMs: KEY_RETENTION_MS })
    .catch((error) => log.warn({ err: error }, "could not store the answer of an idempotency key"));
}

/**
 * Returns the answer of the first request. If the first request died before ClickHouse confirmed the schedule, waits
 * for the confirmation.
 */
async function createdEarlier(call: Call, value: string): Promise<CreatedSchedule> {
  const { ctx, keyed } = call;
  const { body, untilMs }: StoredAnswer = decodeAnswer(keyed, value, ctx.deps.clock.now());
  const stored = body as StoredContext;
  const { schedule, placement } = await build(call, contextOf(stored, ctx.deps));
  if (untilMs !== null) await confirm(call, { schedule, value, body: stored });
  return {
    schedule: await scheduleView(ctx.deps, schedule),
    durable: await durabilityOf(ctx.deps, placement.tier),
    created: false,
  };
}

function storedContext({ scheduleId, nowMs, settings }: CreateContext): StoredContext {
  return [scheduleId, nowMs, ...STORED_SETTINGS.map((name) => settings[name])];
}

function contextOf([scheduleId, nowMs, ...values]: StoredContext, deps: Deps): CreateContext {
  const storedSettings = Object.fromEntries(STORED_SETTINGS.map((name, i) => [name, values[i]]));
  return { scheduleId, nowMs, settings: { ...deps.settings.current(), ...storedSettings } };
}

/**
 * Returns the existing schedule of the derived id if it matches the request. Throws `idempotency_key_reused`, and
 * `conflict` if the schedule cannot be found yet or decrypted.
 */
async function existingSchedule(deps: Deps, requested: Schedule): Promise<CreatedSchedule> {
  const found = await findSchedule(deps, requested.scheduleId);
  if (found === null) throw new AppError("conflict", "The schedule was created a moment ago. Send the request again.");
  const [left, right] = await Promise.all([found, requested].map((one) => openContent(deps, one.topic, one)));
  if (fingerprintOf(left as Schedule) !== fingerprintOf(right as Schedule)) {
    throw new AppError("idempotency_key_reused", "This Idempotency-Key was used for another schedule.");
  }
  return {
    schedule: await scheduleView(deps, found),
    durable: await durabilityOf(deps, found.state.tier),
    created: false,
  };
}

function fingerprintOf(s: Schedule): string {
  const { name, topic, entityType, entityId, action, payload, cronExpression, executionTime, timezone } = s;
  return JSON.stringify([name, topic, entityType, entityId, action, payload, cronExpression, executionTime, timezone]);
}
