import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedule } from "./current";

/**
 * A name is reserved before its schedule is stored, so for this long its holder counts as being created. It is longer
 * than any request; after it, a holder that is not live has died in between.
 */
const RESERVED_MS = 120_000;

type Named = Pick<Schedule, "name" | "scheduleId">;

/**
 * Reserves the name for this schedule, or throws `name_taken`; `clickhouse_unavailable` where Redis was lost and its
 * names are not back. A name whose holder died before it was stored is taken over. Answers whether this call has
 * reserved it; false: the schedule had it already, or has no name.
 */
export async function reserveName(deps: Deps, { name, scheduleId }: Named): Promise<boolean> {
  if (name === null) return false;
  // In this order on the connection. The same epoch on both sides: Redis had all names when this one was reserved.
  const [before, first, after] = await Promise.all([
    deps.hot.epoch(),
    deps.hot.reserveName({ name, scheduleId }),
    deps.hot.epoch(),
  ]);
  if (first.ok) {
    const hadAllNames = before !== null && before === after;
    if (first.fresh && !hadAllNames) await requireFreeInStore(deps, { name, scheduleId });
    return first.fresh;
  }
  if (first.ageMs < RESERVED_MS) throw nameTaken(name, first.holder);
  const holder = await findSchedule(deps, first.holder);
  if (holder !== null && !holder.state.deleted && holder.name === name) throw nameTaken(name, first.holder);
  await deps.hot.releaseName({ name, scheduleId: first.holder });
  const second = await deps.hot.reserveName({ name, scheduleId });
  if (!second.ok) throw nameTaken(name, second.holder);
  return true;
}

/** Until a lost Redis has its names back, a name that it does not know may be taken all the same. */
async function requireFreeInStore(deps: Deps, { name, scheduleId }: Named & { name: string }): Promise<void> {
  let owner: string | null = null;
  try {
    const stored = await deps.store.findLiveName(name);
    if (stored === null || stored === scheduleId) return;
    const holder = await findSchedule(deps, stored);
    if (holder === null || holder.state.deleted || holder.name !== name) return;
    owner = stored;
    throw nameTaken(name, stored);
  } catch (error) {
    await deps.hot.releaseName({ name, scheduleId });
    // The rebuild has passed by this name where it came while this call held it.
    if (owner !== null) await deps.hot.reserveName({ name, scheduleId: owner });
    throw error;
  }
}

function nameTaken(name: string, scheduleId: string): AppError {
  return new AppError("name_taken", `A live schedule is called "${name}" already.`, {
    faults: [{ field: "name", message: `"${name}" is taken`, expected: "a name that no live schedule has" }],
    details: { scheduleId },
  });
}

/**
 * Frees a name that the schedule does not have, or has no more. Does nothing if it has the name after all, by another
 * edit of the same moment. Where a store is away the name stays: whoever wants it finds later that its holder is not
 * called so.
 */
export async function releaseUnused(deps: Deps, { name, scheduleId }: Named): Promise<void> {
  if (name === null) return;
  try {
    const current = await findSchedule(deps, scheduleId);
    if (current !== null && !current.state.deleted && current.name === name) return;
    await deps.hot.releaseName({ name, scheduleId });
  } catch (error) {
    deps.log.warn({ err: error, scheduleId }, "name not released");
  }
}
