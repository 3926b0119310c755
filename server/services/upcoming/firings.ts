import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import { nextFirings, rememberFirstTimes } from "~/server/domain/load/merge";
import { clockChangeNote } from "~/server/domain/recurrence";
import type { UpcomingFiring, UpcomingFirings } from "~/server/domain/views";
import type { LoadFilter, LoadMember, LoadSpan } from "~/server/ports/store/load";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { cadenceOf } from "../schedules/build";
import { iso, isoOrNull } from "../schedules/view";
import { type Group, type Groups, type GroupsByState, groupsIn } from "./groups";
import { filterOf, spanOf, type UpcomingFiringsInput } from "./inputs";

/** A page continues after this firing. */
interface Position {
  atMs: number;
  scheduleId: string;
}

interface Found extends Position {
  /** Null until the schedule is read. */
  member: LoadMember | null;
  /** How a clock change affects the firing, in words. */
  note: string | null;
}

interface Page {
  deps: Deps;
  filter: LoadFilter;
  span: LoadSpan;
  after: Position | null;
  limit: number;
}

/** Maximum number of rounds for a page. More than one is needed if groups have fewer schedules now than counted. */
const ROUNDS = 4;
/** A query may return this many times the page's size, because groups may have more schedules now than counted. */
const MARGIN = 4;

/**
 * Returns a page of the firings of a range by nominal time, including the firings that paused schedules would have.
 * Throws `cursor_invalid`, and the errors of `spanOf`.
 */
export async function upcomingFirings(call: { ctx: Ctx; input: UpcomingFiringsInput }): Promise<UpcomingFirings> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const span = spanOf(input, deps.clock.now());
  return readFirings(deps, { span, filter: filterOf(input), cursor: input.cursor, limit: input.limit });
}

/** For a caller whose right was checked. Throws `cursor_invalid`. */
export async function readFirings(
  deps: Deps,
  input: { span: LoadSpan; filter: LoadFilter; cursor: string | undefined; limit: number },
): Promise<UpcomingFirings> {
  const { span, filter } = input;
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  const groups = await groupsIn(deps, { ...span, filter });
  const page: Page = { deps, filter, span, after, limit: input.limit + 1 };
  const found = (await Promise.all([recurringFirings(page, groups), oneTimeFirings(page)]))
    .flat()
    .sort((a, b) => a.atMs - b.atMs || (a.scheduleId < b.scheduleId ? -1 : 1));
  const shown = found.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: await firingViews(deps, shown),
    nextCursor: found.length > input.limit && last !== undefined ? writeCursor(last) : null,
    coverage: {
      schedules: groups.enabled.schedules + groups.paused.schedules,
      counted: groups.enabled.counted + groups.paused.counted,
    },
    computedAt: iso(groups.atMs),
  };
}

/** Reads only the schedules of the page. Leaves out schedules that were deleted meanwhile. */
async function firingViews(deps: Deps, shown: readonly Found[]): Promise<UpcomingFiring[]> {
  const ids = new Set(shown.filter(({ member }) => member === null).map(({ scheduleId }) => scheduleId));
  const members = new Map((await deps.store.loadMembers([...ids])).map((member) => [member.scheduleId, member]));
  return shown.flatMap((found) => {
    const member = found.member ?? members.get(found.scheduleId);
    return member === undefined ? [] : [firingView(found, member)];
  });
}

function firingView({ atMs, note }: Found, member: LoadMember): UpcomingFiring {
  const { executionTime: _, enabled, pausedUntil, ...row } = member;
  return {
    ...row,
    cadence: cadenceOf(member),
    at: iso(atMs),
    note,
    state: enabled ? "fires" : "paused",
    pausedUntil: isoOrNull(pausedUntil),
  };
}

/** The groups of either enabled or paused schedules, and the firings that a page has found. */
interface Side {
  known: Groups;
  found: Found[];
  /** The next round continues after this time; null if no group fires later in the span. */
  afterMs: number | null;
}

/**
 * Returns the first firings of recurring schedules after the page's position, up to `limit` of enabled schedules and up
 * to `limit` of paused schedules. Each round is one query for both.
 */
async function recurringFirings(page: Page, { enabled, paused }: GroupsByState): Promise<Found[]> {
  const { after, limit, span } = page;
  const afterMs = after?.atMs ?? span.fromMs - 1;
  const sides: Sides = {
    enabled: { known: enabled, found: [], afterMs },
    paused: { known: paused, found: [], afterMs },
  };
  // Begin with the rest of the firings at the time at which the last page ended.
  if (after !== null) {
    const atLastTime = ({ known }: Side) =>
      firingsAfter(known, { afterMs: after.atMs - 1, toMs: after.atMs + 1, limit: 1 });
    await findMembers(page, sides, { firingsOf: atLastTime, afterId: after.scheduleId });
  }
  for (let round = 0; round < ROUNDS; round++) {
    const firingsOf = (side: Side) => {
      if (side.afterMs === null || side.found.length >= limit) return [];
      const firings = firingsAfter(side.known, {
        ...{ afterMs: side.afterMs, toMs: span.toMs },
        limit: limit - side.found.length,
      });
      side.afterMs = firings.at(-1)?.atMs ?? null;
      return firings;
    };
    if (!(await findMembers(page, sides, { firingsOf, afterId: "" }))) break;
  }
  return [...sides.enabled.found, ...sides.paused.found];
}

type Sides = Record<"enabled" | "paused", Side>;

/** Groups that fire at one time. */
interface AtOnce {
  atMs: number;
  groups: Group[];
}

/** Remembers the first time of each spec, because cached groups have the same spec objects in many requests. */
const firstTimeOf = rememberFirstTimes();

/** Returns the next times, until their groups together have `limit` schedules. */
function firingsAfter({ groups }: Groups, range: { afterMs: number; toMs: number; limit: number }): AtOnce[] {
  const firings: AtOnce[] = [];
  let expectedCount = 0;
  for (const { atMs, groups: indexes } of nextFirings(groups, range, firstTimeOf)) {
    const groupsAtOnce = indexes.map((index) => groups[index] as Group);
    firings.push({ atMs, groups: groupsAtOnce });
    expectedCount += groupsAtOnce.reduce((sum, group) => sum + group.schedules, 0);
    if (expectedCount >= range.limit) break;
  }
  return firings;
}

/** Adds the schedules of the firings to both sides. Returns false if there are no firings. */
async function findMembers(
  { deps, filter, limit }: Page,
  sides: Sides,
  { firingsOf, afterId }: { firingsOf: (side: Side) => AtOnce[]; afterId: string },
): Promise<boolean> {
  const firings = { enabled: firingsOf(sides.enabled), paused: firingsOf(sides.paused) };
  if (firings.enabled.length + firings.paused.length === 0) return false;
  const rows = await deps.store.groupMembers({
    ...sides.enabled.known.span,
    ...{ filter, afterId, limit: limit * MARGIN },
    enabled: wantedGroups(firings.enabled),
    paused: wantedGroups(firings.paused),
  });
  const byKey = { enabled: new Map<string, string[]>(), paused: new Map<string, string[]>() };
  for (const { scheduleId, key, enabled } of rows) {
    const ofState = enabled ? byKey.enabled : byKey.paused;
    const known = ofState.get(key);
    if (known === undefined) ofState.set(key, [scheduleId]);
    else known.push(scheduleId);
  }
  sides.enabled.found.push(...foundOf(firings.enabled, byKey.enabled));
  sides.paused.found.push(...foundOf(firings.paused, byKey.paused));
  return true;
}

/** The page shows all schedules of the earlier times, but perhaps not all schedules of the last time. */
const wantedGroups = (firings: readonly AtOnce[]) => ({
  completeGroups: firings.slice(0, -1).flatMap(({ groups }) => groups),
  lastGroups: firings.at(-1)?.groups ?? [],
});

function foundOf(firings: readonly AtOnce[], idsByKey: ReadonlyMap<string, readonly string[]>): Found[] {
  return firings.flatMap(({ atMs, groups }) =>
    groups.flatMap(({ key, spec }) => {
      const ids = idsByKey.get(key) ?? [];
      const note = ids.length === 0 ? null : clockChangeNote(spec, atMs);
      return ids.map((scheduleId) => ({ atMs, scheduleId, member: null, note }));
    }),
  );
}

async function oneTimeFirings({ deps, filter, span, after, limit }: Page): Promise<Found[]> {
  const rows = await deps.store.oneTimeMembers({ ...span, filter, after, limit });
  return rows.flatMap((member) =>
    member.executionTime === null
      ? []
      : [{ atMs: member.executionTime, scheduleId: member.scheduleId, member, note: null }],
  );
}

function writeCursor({ atMs, scheduleId }: Position): string {
  return Buffer.from(JSON.stringify([atMs, scheduleId])).toString("base64url");
}

const Cursor = z.tuple([z.int(), z.string().max(64)]);

function readCursor(text: string): Position {
  const parsed = Cursor.safeParse(jsonOrNull(Buffer.from(text, "base64url").toString()));
  if (parsed.success) return { atMs: parsed.data[0], scheduleId: parsed.data[1] };
  throw new AppError("cursor_invalid", "The cursor does not belong to this list. Start from the first page.");
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
