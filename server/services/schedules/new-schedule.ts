import { placeSchedule } from "~/server/domain/changes/place-schedule";
import { PAST_GRACE_MS, type Schedule, type ScheduleInput, type Source } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { ScheduleView } from "~/server/domain/views";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { PutInput, PutResult } from "~/server/ports/hot/schedules";
import { recordAudit } from "../audit";
import { type Ctx, type Deps, type Principal, SYSTEM_PRINCIPAL } from "../ctx";
import { inDoubt, kept } from "../in-doubt";
import { buildSchedule } from "./build";
import { releaseUnused } from "./names";

/** `memory`: only Redis has it, which keeps no append-only file, or does not say whether it does. */
export type Durability = "memory" | "redis" | "clickhouse";

export interface CreatedSchedule {
  schedule: ScheduleView;
  /** Which store had it on disk when it was acknowledged. */
  durable: Durability;
  /** False: the same `Idempotency-Key` had made it before. */
  created: boolean;
}

/** What a new schedule depends on besides the request and its caller. */
export interface Facts {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
}

export type Placed = Pick<PutInput, "schedule" | "placement">;

/**
 * A new schedule of the caller's words, where it belongs. The same facts give the same schedule. Throws what
 * `buildSchedule` throws.
 */
export function placedDefinition(
  { deps, principal }: Ctx,
  definition: ScheduleInput,
  facts: Facts & { sourceId?: string },
): Placed {
  const by = principal ?? SYSTEM_PRINCIPAL;
  const built = buildSchedule(definition, {
    sourceId: null,
    ...facts,
    source: sourceOf(by),
    createdBy: by.email ?? by.name,
  });
  return placeNew({ schedule: built, nowMs: facts.nowMs, settings: facts.settings ?? deps.settings.current() });
}

/** A new schedule's first occurrence may lie within the grace before now; a cron's lies after now. */
export function placeNew(input: { schedule: Schedule; nowMs: number; settings: Settings }): Placed {
  const { schedule, nowMs } = input;
  return placeSchedule({ ...input, afterMs: schedule.cronExpression === null ? nowMs - PAST_GRACE_MS - 1 : nowMs });
}

/**
 * Stores a schedule whose name is reserved, which is free again if Redis refuses. Throws `may_have_been_kept` where
 * Redis did not answer.
 */
export async function storeNew({ deps }: Ctx, placed: Placed, answer?: KeptAnswer): Promise<PutResult> {
  try {
    return await inDoubt("The schedule", deps.hot.put({ ...placed, expectedVersion: null, answer }));
  } catch (error) {
    await freeName(deps, placed.schedule, error);
    throw error;
  }
}

/** A name of what may be stored stays: it frees itself if that was not stored. */
async function freeName(deps: Deps, schedule: Schedule, error: unknown): Promise<void> {
  if (!kept(error)) await releaseUnused(deps, schedule);
}

export async function auditCreate(ctx: Ctx, schedule: Schedule): Promise<void> {
  const after = { name: schedule.name, version: 1 };
  await recordAudit(ctx, { action: "schedule.create", target: schedule.scheduleId, after });
}

export async function durabilityOf(deps: Deps, tier: "redis" | "clickhouse"): Promise<Durability> {
  if (tier === "clickhouse") return tier;
  // The schedule is stored by now: a failed question must not undo that, and must not promise either.
  const persistence = await deps.hot.persistence().catch(() => null);
  return persistence?.isDurable ? "redis" : "memory";
}

/** Where a schedule made by this caller comes from (contract §2). */
export function sourceOf(principal: Principal): Source {
  if (principal.via === "session") return "admin";
  if (principal.via === "api_key") return "api_request";
  return principal.via === "code" ? "code" : "system";
}
