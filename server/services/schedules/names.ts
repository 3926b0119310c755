import { AppError } from "~/server/domain/errors";
import type { Schedule } from "~/server/domain/schedule";
import type { Deps } from "../ctx";
import { findSchedule } from "../newest-schedules";
import { unscopedDeps } from "../scope";

/**
 * A name is reserved before its schedule is stored. A reservation that is younger than this, in ms, may belong to a
 * create in progress. An older reservation whose schedule does not exist is left over, for example from a crash.
 */
const RESERVED_MS = 120_000;

type Named = Pick<Schedule, "name" | "scheduleId">;

/**
 * Reserves a name for a schedule, taking over an older reservation whose schedule was never stored, was deleted or was
 * renamed. Returns false if the schedule already had the name or has none. Throws `name_taken`, and
 * `clickhouse_unavailable` if the name or its holder must be looked up in ClickHouse, which does not answer.
 */
export async function reserveName(scoped: Deps, { name, scheduleId }: Named): Promise<boolean> {
  if (name === null) return false;
  // A name has one holder in the whole installation.
  const deps = unscopedDeps(scoped);
  // Sent in this order on one connection. If the epoch is the same before and after, Redis had all names in between.
  const [before, first, after] = await Promise.all([
    deps.hot.epoch(),
    deps.hot.reserveName({ name, scheduleId }),
    deps.hot.epoch(),
  ]);
  if (first.ok) {
    const hadAllNames = before !== null && before === after;
    if (first.fresh && !hadAllNames) await requireFreeInStore(scoped, { name, scheduleId });
    return first.fresh;
  }
  if (first.ageMs < RESERVED_MS) throw await nameTaken(scoped, name, first.holder);
  const holder = await findSchedule(deps, first.holder);
  if (holder !== null && !holder.state.deleted && holder.name === name) {
    throw await nameTaken(scoped, name, first.holder);
  }
  await deps.hot.releaseName({ name, scheduleId: first.holder });
  const second = await deps.hot.reserveName({ name, scheduleId });
  if (!second.ok) throw await nameTaken(scoped, name, second.holder);
  return true;
}

/** Throws `name_taken` if a recorded schedule has the name. Reserves nothing. */
export async function requireFreeName(scoped: Deps, name: string | null): Promise<void> {
  if (name === null) return;
  const deps = unscopedDeps(scoped);
  const stored = await deps.store.findIdByName(name);
  const holder = stored === null ? null : await findSchedule(deps, stored);
  if (holder === null || holder.state.deleted || holder.name !== name) return;
  throw await nameTaken(scoped, name, holder.scheduleId);
}

/** Checks the name in ClickHouse, because a Redis that lost its data does not know all names until its rebuild. */
async function requireFreeInStore(scoped: Deps, { name, scheduleId }: Named & { name: string }): Promise<void> {
  const deps = unscopedDeps(scoped);
  let owner: string | null = null;
  try {
    const stored = await deps.store.findIdByName(name);
    if (stored === null || stored === scheduleId) return;
    const holder = await findSchedule(deps, stored);
    if (holder === null || holder.state.deleted || holder.name !== name) return;
    owner = stored;
    throw await nameTaken(scoped, name, stored);
  } catch (error) {
    await deps.hot.releaseName({ name, scheduleId });
    // A rebuild that ran while this call held the name could not reserve it for its owner.
    if (owner !== null) await deps.hot.reserveName({ name, scheduleId: owner });
    throw error;
  }
}

/** The error has the id of the holder only if the caller may see that schedule. */
async function nameTaken(deps: Deps, name: string, scheduleId: string): Promise<AppError> {
  const isShown = deps.scope === undefined || (await findSchedule(deps, scheduleId)) !== null;
  return new AppError("name_taken", `Another schedule has the name "${name}".`, {
    faults: [{ field: "name", message: `"${name}" is taken`, expected: "a name that no other schedule has" }],
    details: isShown ? { scheduleId } : {},
  });
}

/**
 * Frees a name unless the schedule has it, for example by a concurrent edit. If a store fails, the name stays reserved,
 * and `reserveName` takes it over later.
 */
export async function releaseUnused(scoped: Deps, { name, scheduleId }: Named): Promise<void> {
  if (name === null) return;
  const deps = unscopedDeps(scoped);
  try {
    const current = await findSchedule(deps, scheduleId);
    if (current !== null && !current.state.deleted && current.name === name) return;
    await deps.hot.releaseName({ name, scheduleId });
  } catch (error) {
    deps.log.warn({ err: error, scheduleId }, "could not release a name");
  }
}
