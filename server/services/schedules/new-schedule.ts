import { placeSchedule } from "~/server/domain/changes/place-schedule";
import { PAST_GRACE_MS, type Schedule, type ScheduleInput, type Source } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { ScheduleView } from "~/server/domain/views";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { PutInput, PutResult } from "~/server/ports/hot/schedules";
import { writeAudit } from "../audit";
import { type Ctx, type Deps, type Principal, SYSTEM_PRINCIPAL } from "../ctx";
import { inDoubt, kept } from "../in-doubt";
import { buildSchedule } from "./build";
import { releaseUnused } from "./names";

/**
 * Where a schedule was stored when it was acknowledged. `memory`: in a Redis without an append-only file, or of unknown
 * persistence.
 */
export type Durability = "memory" | "redis" | "clickhouse";

export interface CreatedSchedule {
  schedule: ScheduleView;
  durable: Durability;
  /** False if an earlier request with the same `Idempotency-Key` created it. */
  created: boolean;
}

/** The inputs of a new schedule besides the request and its caller. */
export interface Facts {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
}

export type Placed = Pick<PutInput, "schedule" | "placement">;

/** Builds and places a new schedule. The same facts give the same schedule. Throws what `buildSchedule` throws. */
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

/** Places a new schedule. A one-time schedule may lie in the past by the grace; a cron starts after now. */
export function placeNew(input: { schedule: Schedule; nowMs: number; settings: Settings }): Placed {
  const { schedule, nowMs } = input;
  return placeSchedule({ ...input, afterMs: schedule.cronExpression === null ? nowMs - PAST_GRACE_MS - 1 : nowMs });
}

/**
 * Stores a schedule whose name is reserved, and frees the name if Redis refuses. Throws `may_have_been_kept` if Redis
 * did not answer.
 */
export async function storeNew({ deps }: Ctx, placed: Placed, answer?: KeptAnswer): Promise<PutResult> {
  try {
    return await inDoubt("The schedule", deps.hot.put({ ...placed, expectedVersion: null, answer }));
  } catch (error) {
    await freeName(deps, placed.schedule, error);
    throw error;
  }
}

/** Keeps the name if the schedule may be stored; otherwise `reserveName` takes it over later. */
async function freeName(deps: Deps, schedule: Schedule, error: unknown): Promise<void> {
  if (!kept(error)) await releaseUnused(deps, schedule);
}

export async function auditCreate(ctx: Ctx, schedule: Schedule): Promise<void> {
  const after = { name: schedule.name, version: 1 };
  await writeAudit(ctx, { action: "schedule.create", target: schedule.scheduleId, after });
}

export async function durabilityOf(deps: Deps, tier: "redis" | "clickhouse"): Promise<Durability> {
  if (tier === "clickhouse") return tier;
  // The schedule is stored: a failed check must not undo that, nor claim durability.
  const persistence = await deps.hot.persistence().catch(() => null);
  return persistence?.isDurable ? "redis" : "memory";
}

/** The source of a schedule created by this caller (contract §2). */
export function sourceOf(principal: Principal): Source {
  if (principal.via === "session") return "admin";
  if (principal.via === "api_key") return "api_request";
  return principal.via === "code" ? "code" : "system";
}
