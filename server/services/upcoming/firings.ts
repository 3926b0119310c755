import { z } from "zod";
import { AppError } from "~/server/domain/errors";
import { nextFirings } from "~/server/domain/load/merge";
import { clockChangeNote } from "~/server/domain/recurrence";
import type { UpcomingFiring, UpcomingFirings } from "~/server/domain/views";
import type { LoadFilter, LoadMember, LoadSpan } from "~/server/ports/store/load";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { cadenceOf } from "../schedules/build";
import { iso, isoOrNull } from "../schedules/view";
import { type Group, type Groups, groupsIn } from "./groups";
import { filterOf, spanOf, type UpcomingFiringsInput } from "./inputs";

/** Where a page continues: after this schedule's firing at this time. */
interface Position {
  atMs: number;
  scheduleId: string;
}

/** A firing of a schedule. */
interface Found extends Position {
  member: LoadMember;
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

/** Queries for one page. More than one is needed only if groups have fewer schedules by now than were counted. */
const ROUNDS = 4;
/** How many times the page's size a query may return: groups may have more schedules by now than were counted. */
const MARGIN = 4;

/**
 * The firings of a range by nominal time, with those that paused schedules would have. A page reads only the schedules
 * that it shows. Throws `cursor_invalid`.
 */
export async function upcomingFirings(call: { ctx: Ctx; input: UpcomingFiringsInput }): Promise<UpcomingFirings> {
  const { ctx, input } = call;
  requireRight(ctx, "schedules:read");
  const { deps } = ctx;
  const span = spanOf(input, deps.clock.now());
  return readFirings(deps, { span, filter: filterOf(input), cursor: input.cursor, limit: input.limit });
}

/** One page of the firings of a span. Throws `cursor_invalid`. */
export async function readFirings(
  deps: Deps,
  input: { span: LoadSpan; filter: LoadFilter; cursor: string | undefined; limit: number },
): Promise<UpcomingFirings> {
  const { span, filter } = input;
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  const { enabled: active, paused, atMs } = await groupsIn(deps, { ...span, filter });
  const page: Page = { deps, filter, span, after, limit: input.limit + 1 };
  const found = (
    await Promise.all([
      recurringFirings(page, active, true),
      recurringFirings(page, paused, false),
      oneTimeFirings(page),
    ])
  )
    .flat()
    .sort((a, b) => a.atMs - b.atMs || (a.scheduleId < b.scheduleId ? -1 : 1));
  const shown = found.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(firingView),
    nextCursor: found.length > input.limit && last !== undefined ? writeCursor(last) : null,
    coverage: {
      schedules: active.schedules + paused.schedules,
      counted: active.counted + paused.counted,
    },
    computedAt: iso(atMs),
  };
}

function firingView({ atMs, member, note }: Found): UpcomingFiring {
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

/** The first firings of recurring schedules after the page's position: `limit` of them, if there are as many. */
async function recurringFirings(page: Page, known: Groups, enabled: boolean): Promise<Found[]> {
  const { after, limit, span } = page;
  const found: Found[] = [];
  const members = (firings: readonly AtOnce[], afterId: string) =>
    membersOf(page, { firings, afterId, span: known.span, enabled });
  // First the other firings at the time where the last page ended: many schedules fire at the same round time.
  if (after !== null) {
    const atLastTime = firingsAfter(known, { afterMs: after.atMs - 1, toMs: after.atMs + 1, limit: 1 });
    found.push(...(await members(atLastTime, after.scheduleId)));
  }
  let afterMs = after?.atMs ?? span.fromMs - 1;
  for (let round = 0; round < ROUNDS && found.length < limit; round++) {
    const firings = firingsAfter(known, { afterMs, toMs: span.toMs, limit: limit - found.length });
    const last = firings.at(-1);
    if (last === undefined) break;
    found.push(...(await members(firings, "")));
    afterMs = last.atMs;
  }
  return found;
}

/** Groups that fire at one time. */
interface AtOnce {
  atMs: number;
  groups: Group[];
}

/** The next times, until their groups have `limit` schedules together. */
function firingsAfter({ groups }: Groups, range: { afterMs: number; toMs: number; limit: number }): AtOnce[] {
  const firings: AtOnce[] = [];
  let expected = 0;
  for (const { atMs, groups: indexes } of nextFirings(groups, range)) {
    const groupsAtOnce = indexes.map((index) => groups[index] as Group);
    firings.push({ atMs, groups: groupsAtOnce });
    expected += groupsAtOnce.reduce((sum, group) => sum + group.schedules, 0);
    if (expected >= range.limit) break;
  }
  return firings;
}

async function membersOf(
  { deps, filter, limit }: Page,
  query: { firings: readonly AtOnce[]; afterId: string; span: LoadSpan; enabled: boolean },
): Promise<Found[]> {
  const { firings, afterId, span, enabled } = query;
  // The page shows all schedules of the earlier times, but may be too small for those of the last time.
  const lastGroups = firings.at(-1)?.groups ?? [];
  const completeGroups = firings.slice(0, -1).flatMap(({ groups }) => groups);
  const rows = await deps.store.groupMembers({
    ...span,
    filter,
    enabled,
    completeGroups,
    lastGroups,
    afterId,
    limit: limit * MARGIN,
  });
  const byKey = new Map<string, LoadMember[]>();
  for (const { key, ...member } of rows) {
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [member]);
    else known.push(member);
  }
  return firings.flatMap(({ atMs, groups }) =>
    groups.flatMap(({ key, spec }) => {
      const members = byKey.get(key) ?? [];
      const note = members.length === 0 ? null : clockChangeNote(spec, atMs);
      return members.map((member) => ({ atMs, scheduleId: member.scheduleId, member, note }));
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
