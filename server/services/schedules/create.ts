import { AppError, fieldError } from "~/server/domain/errors";
import { newScheduleId } from "~/server/new-schedule-id";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { keyedRequest } from "../idempotency";
import { findSchedule } from "../newest-schedules";
import { openContent } from "../protection/seal";
import type { StoredContent } from "./build";
import { createKeyed } from "./create-keyed";
import { durableOrUndone } from "./durable";
import type { CreateScheduleInput } from "./inputs";
import { reserveName } from "./names";
import { type CreatedSchedule, durabilityOf, placedDefinition, storeNew } from "./new-schedule";
import { scheduleView } from "./view";

/**
 * Creates one schedule. Returns when the store of its placement, Redis or ClickHouse, has it. Throws `name_taken`,
 * `forbidden` for a topic outside of the caller's scope, `validation_failed` or a more specific code, `conflict` for
 * content that cannot be encrypted or decrypted, `clickhouse_unavailable`, `may_have_been_kept`, and the codes of an
 * idempotency key that was reused or is in progress.
 */
export async function createSchedule(call: { ctx: Ctx; input: CreateScheduleInput }): Promise<CreatedSchedule> {
  const { ctx } = call;
  requireRight(ctx, "schedules:create");
  const { idempotencyKey, ...request } = call.input;
  const keyed = keyedRequest({ ctx, call: "schedule.create", key: idempotencyKey, request });
  const { maskedValuesFrom, ...definition } = request;
  const stored = await maskedValuesOf(ctx, maskedValuesFrom);
  if (keyed !== null) return createKeyed({ ctx, keyed, definition, stored, key: idempotencyKey as string });
  const context = { scheduleId: newScheduleId(), nowMs: ctx.deps.clock.now(), settings: ctx.deps.settings.current() };
  const placed = await placedDefinition(ctx, definition, { ...context, stored });
  await reserveName(ctx.deps, placed.schedule);
  const result = await storeNew(ctx, placed);
  if (result.status !== "stored") throw new AppError("conflict", "The schedule exists already.");
  if (placed.placement.tier === "clickhouse") await durableOrUndone(ctx, { schedule: result.schedule });
  return {
    schedule: await scheduleView(ctx.deps, result.schedule),
    durable: await durabilityOf(ctx.deps, placed.placement.tier),
    created: true,
  };
}

/**
 * The content of the schedule that a create copies masked values from. Throws `forbidden`, `validation_failed`, and
 * `conflict` for content that cannot be decrypted.
 */
async function maskedValuesOf(ctx: Ctx, scheduleId: string | undefined): Promise<StoredContent | null> {
  if (scheduleId === undefined) return null;
  requireRight(ctx, "schedules:read");
  // A deleted schedule counts too, so that a repeated create gets the same answer.
  const found = await findSchedule(ctx.deps, scheduleId);
  if (found !== null) return openContent(ctx.deps, found.topic, found);
  throw fieldError("validation_failed", {
    field: "masked_values_from",
    message: `is ${scheduleId}, but no schedule has this id`,
    expected: "the id of the schedule whose masked values are copied",
  });
}
