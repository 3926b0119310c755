import type { PutInput } from "~/server/adapters/redis/hot-tier-types";
import { AppError } from "~/server/domain/errors";
import { newScheduleId, sourceScheduleId } from "~/server/domain/ids";
import { PAST_GRACE_MS, type Schedule, type Source } from "~/server/domain/schedule";
import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import { recordAudit } from "../audit";
import type { Ctx, Deps, Principal } from "../ctx";
import { buildSchedule } from "./build";
import { findSchedule } from "./current";
import { mayHaveBeenKept, notKept, takeBack, unconfirmed } from "./durable";
import type { CreateScheduleInput } from "./inputs";
import { releaseUnused, reserveName } from "./names";
import { place } from "./place";
import { scheduleView } from "./view";

/** `memory`: only Redis has it, which keeps no append-only file, or does not say whether it does. */
export type Durability = "memory" | "redis" | "clickhouse";

export interface CreatedSchedule {
  schedule: ScheduleView;
  /** Which store had it on disk when it was acknowledged. */
  durable: Durability;
  /** False: the same `Idempotency-Key` had made it before. */
  created: boolean;
}

/**
 * Creates one schedule. A near one is acknowledged when Redis has it, a long-term one when ClickHouse has it.
 * Throws `name_taken`, `idempotency_key_reused`, `validation_failed` and its kin, `clickhouse_unavailable`, `may_have_been_kept`.
 */
export async function createSchedule(call: { ctx: Ctx; input: CreateScheduleInput }): Promise<CreatedSchedule> {
  const { ctx } = call;
  const principal = requireRight(ctx, "write");
  const { idempotencyKey, ...definition } = call.input;
  const nowMs = ctx.deps.clock.now();
  const sourceId = idempotencyKey ? `${principal.id}:${idempotencyKey}` : null;
  const built = buildSchedule(definition, {
    scheduleId: sourceId ? sourceScheduleId("idempotency", sourceId) : newScheduleId(),
    nowMs,
    settings: ctx.deps.settings.current(),
    source: sourceOf(principal),
    sourceId,
    createdBy: principal.email ?? principal.name,
  });
  if (sourceId !== null && (await findSchedule(ctx.deps, built.scheduleId)) !== null) return repeated(ctx.deps, built);
  const { schedule, placement } = placeNew(ctx.deps, built, nowMs);
  await reserveName(ctx.deps, built);
  const result = await ctx.deps.hot
    .put({ schedule, placement, expectedVersion: null })
    .catch((error) => withoutName(ctx.deps, built, error));
  if (result.status !== "stored") return repeated(ctx.deps, built);
  if (placement.tier === "clickhouse") await durableOrUndone(ctx.deps, result.schedule);
  await recordAudit(ctx, {
    action: "schedule.create",
    target: schedule.scheduleId,
    after: { name: schedule.name, version: 1 },
  });
  return {
    schedule: scheduleView(result.schedule),
    durable: await durabilityOf(ctx.deps, placement.tier),
    created: true,
  };
}

/** Frees the name of a schedule that Redis refused. */
async function withoutName(deps: Deps, schedule: Schedule, error: unknown): Promise<never> {
  await releaseUnused(deps, schedule);
  throw error;
}

async function durabilityOf(deps: Deps, tier: "redis" | "clickhouse"): Promise<Durability> {
  if (tier === "clickhouse") return tier;
  // The schedule is stored by now: a failed question must not undo that, and must not promise either.
  const persistence = await deps.hot.persistence().catch(() => null);
  return persistence?.isDurable ? "redis" : "memory";
}

/** A new schedule's first occurrence may lie within the grace before now; a cron's lies after now. */
export function placeNew(deps: Deps, schedule: Schedule, nowMs: number): Pick<PutInput, "schedule" | "placement"> {
  const afterMs = schedule.cronExpression === null ? nowMs - PAST_GRACE_MS - 1 : nowMs;
  return place({ schedule, afterMs, nowMs, settings: deps.settings.current() });
}

/** Takes a long-term schedule back when ClickHouse did not confirm it. Throws `clickhouse_unavailable`, `may_have_been_kept`. */
async function durableOrUndone(deps: Deps, schedule: Schedule): Promise<void> {
  const missing = await unconfirmed(deps, [{ scheduleId: schedule.scheduleId, revision: schedule.state.revision }]);
  if (missing.size === 0) return;
  throw (await takeBack(deps, [schedule])).size === 0 ? notKept() : mayHaveBeenKept("The schedule");
}

/** The same key again: the first answer, if the definition is the same; else the key was meant for something else. */
async function repeated(deps: Deps, built: Schedule): Promise<CreatedSchedule> {
  const existing = await findSchedule(deps, built.scheduleId);
  if (existing === null) throw new AppError("conflict", "The schedule was created a moment ago; ask again.");
  if (fingerprint(existing) !== fingerprint(built)) {
    throw new AppError("idempotency_key_reused", "This Idempotency-Key was used for another schedule.", {
      details: { scheduleId: existing.scheduleId },
    });
  }
  return { schedule: scheduleView(existing), durable: await durabilityOf(deps, existing.state.tier), created: false };
}

function fingerprint(s: Schedule): string {
  return JSON.stringify([
    s.name,
    s.topic,
    s.entityType,
    s.entityId,
    s.action,
    s.payload,
    s.cronExpression,
    s.executionTime,
    s.timezone,
  ]);
}

/** Where a schedule made by this caller comes from (contract §2). */
export function sourceOf(principal: Principal): Source {
  if (principal.via === "session") return "admin";
  if (principal.via === "api_key") return "api_request";
  return principal.via === "code" ? "code" : "system";
}
