import type { ScheduleView } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { keyedRequest, once, wasDone } from "../idempotency";
import { withoutSealed } from "../protection/content";
import { openContent } from "../protection/seal";
import { currentSchedule } from "../schedules/current";
import { patchedDefinition } from "../schedules/patched";
import { editSchedule } from "../schedules/update";
import { scheduleView } from "../schedules/view";
import type { RestoreScheduleInput } from "./inputs";
import { readVersions, requireKnown } from "./read";

/**
 * Edits a schedule back to the definition of an earlier version. A paused schedule stays paused. Throws `not_found`
 * for an unknown version, what `editSchedule` throws, such as `execution_time_past` for a time that has passed, and
 * the codes of an idempotency key that was reused or is in progress.
 */
export async function restoreSchedule(call: { ctx: Ctx; input: RestoreScheduleInput }): Promise<ScheduleView> {
  const { ctx } = call;
  requireRight(ctx, "schedules:edit");
  const { idempotencyKey: key, ...input } = call.input;
  const { scheduleId, version } = input;
  // The request excludes the expected version, because a page repeats a lost request with the newer version.
  const keyed = keyedRequest({ ctx, call: `schedule.restore:${scheduleId}`, key, request: version });
  return once({ ctx, keyed }, async (seed) => {
    const view = (await wasDone(ctx.deps, { scheduleId, seed }))
      ? await scheduleView(ctx.deps, await currentSchedule(ctx.deps, scheduleId))
      : await restore({ ctx, input, seed });
    return keyed === null ? view : withoutSealed(ctx.deps, view);
  });
}

async function restore(call: {
  ctx: Ctx;
  input: Omit<RestoreScheduleInput, "idempotencyKey">;
  seed: string | null;
}): Promise<ScheduleView> {
  const { ctx, input, seed } = call;
  const { versions } = await readVersions(ctx.deps, input.scheduleId);
  const { schedule: found } = requireKnown(versions, input.version);
  const schedule = await openContent(ctx.deps, found.topic, found);
  return editSchedule({
    ctx,
    input,
    definition: ({ enabled }) => patchedDefinition({ ...schedule, enabled }, {}),
    note: `Restored version ${input.version}`,
    seed,
  });
}
