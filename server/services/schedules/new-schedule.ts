import { auditName } from "~/server/domain/audit/audit-name";
import { placeSchedule } from "~/server/domain/changes/place-schedule";
import { PAST_GRACE_MS, type Schedule, type ScheduleInput, type Source } from "~/server/domain/schedule";
import type { Settings } from "~/server/domain/settings";
import type { ScheduleView } from "~/server/domain/views";
import type { KeptAnswer } from "~/server/ports/hot/answers";
import type { PutInput, PutResult } from "~/server/ports/hot/schedules";
import { auditDocument } from "../audit";
import type { Ctx, Deps } from "../ctx";
import { inDoubt, leavesOutcomeOpen } from "../in-doubt";
import { type Principal, SYSTEM_PRINCIPAL } from "../principal";
import { mayReveal } from "../protection/content";
import { sealContent } from "../protection/seal";
import { buildSchedule, type StoredContent } from "./build";
import { createdFields } from "./changed-fields";
import { releaseUnused } from "./names";

/** The store that has a schedule at its acknowledgement. `memory` is a Redis whose persistence is off or unknown. */
export type Durability = "memory" | "redis" | "clickhouse";

export interface CreatedSchedule {
  schedule: ScheduleView;
  durable: Durability;
  /** False if an earlier request with the same `Idempotency-Key` created it. */
  created: boolean;
}

export interface CreateContext {
  scheduleId: string;
  nowMs: number;
  settings: Settings;
}

export type Placed = Pick<PutInput, "schedule" | "placement">;

/**
 * Builds, encrypts and places a new schedule. The same context gives the same schedule, but another ciphertext. Throws
 * what `buildSchedule` and `sealContent` throw.
 */
export async function placedDefinition(
  { deps, principal }: Ctx,
  definition: ScheduleInput,
  context: CreateContext & { source?: Source; sourceId?: string | null; stored?: StoredContent | null },
): Promise<Placed> {
  const creator = principal ?? SYSTEM_PRINCIPAL;
  const built = buildSchedule(definition, {
    sourceId: null,
    source: sourceOf(creator),
    topicSchemas: deps.topicSchemas,
    protection: deps.protection,
    mayExpose: mayReveal({ principal: creator }),
    scope: deps.scope,
    ...context,
    needsEnd: needsEnd(creator, context.settings),
    createdBy: creator.email ?? creator.name,
  });
  const schedule = await sealContent(deps, built.topic, built);
  return placeNew({ schedule, nowMs: context.nowMs, settings: context.settings ?? deps.settings.current() });
}

/** The execution time may be past by `PAST_GRACE_MS`. The plan of a cron starts after now. */
export function placeNew(input: { schedule: Schedule; nowMs: number; settings: Settings }): Placed {
  const { schedule, nowMs } = input;
  return placeSchedule({ ...input, afterMs: schedule.cronExpression === null ? nowMs - PAST_GRACE_MS - 1 : nowMs });
}

/**
 * Stores a schedule and its audit entry. Frees the schedule's reserved name if Redis answers with an error. Throws
 * `may_have_been_kept` if Redis did not answer.
 */
export async function storeNew(ctx: Ctx, placed: Placed, answer?: KeptAnswer): Promise<PutResult> {
  const { deps } = ctx;
  const documents = [createEntry(ctx, placed.schedule)];
  try {
    return await inDoubt("The schedule", deps.hot.put({ ...placed, expectedVersion: null, documents, answer }));
  } catch (error) {
    await releaseUnlessKept(deps, placed.schedule, error);
    throw error;
  }
}

async function releaseUnlessKept(deps: Deps, schedule: Schedule, error: unknown): Promise<void> {
  if (!leavesOutcomeOpen(error)) await releaseUnused(deps, schedule);
}

function createEntry(ctx: Ctx, schedule: Schedule) {
  const target = { target: schedule.scheduleId, targetName: auditName(schedule) };
  return auditDocument(ctx, {
    action: "schedule.create",
    ...target,
    topic: schedule.topic,
    after: createdFields(schedule),
  });
}

export async function durabilityOf(deps: Deps, tier: "redis" | "clickhouse"): Promise<Durability> {
  if (tier === "clickhouse") return tier;
  // A failed check must not fail the request, because the schedule is stored.
  const persistence = await deps.hot.persistence().catch(() => null);
  return persistence?.isDurable ? "redis" : "memory";
}

/** Whether a recurring schedule by this caller must have an end. */
export function needsEnd(principal: Principal, settings: Settings): boolean {
  return principal.via === "mcp" && settings.assistantSchedulesNeedEnd;
}

/** The source of a schedule created by this caller (contract §2). */
export function sourceOf(principal: Principal): Source {
  if (principal.via === "session") return "admin";
  if (principal.via === "api_key" || principal.via === "mcp") return "api_request";
  return principal.via === "code" ? "code" : "system";
}
