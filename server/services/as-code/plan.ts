import { ScheduleEntry } from "~/server/domain/as-code/document";
import {
  type Origin,
  type Ownership,
  originInWords,
  ownedSource,
  ownershipOf,
} from "~/server/domain/as-code/ownership";
import { AppError, fieldError } from "~/server/domain/errors";
import { parseInput } from "~/server/domain/parse";
import type { Schedule } from "~/server/domain/schedule";
import { toWire, wireField } from "~/server/domain/wire";
import { newScheduleId } from "~/server/new-schedule-id";
import type { Ctx } from "../ctx";
import { MASKED, mayReveal, shownContent } from "../protection/content";
import { openContent } from "../protection/seal";
import { type Placed, placedDefinition } from "../schedules/new-schedule";
import { type PlannedEdit, planEdit } from "../schedules/update";
import { unscopedDeps } from "../scope";
import { differingFields, entryFields, storedFields } from "./fields";
import type { DocumentInput } from "./inputs";
import { liveSchedules, ownedSchedules } from "./owned";

/** A field that a document changes. Contents may be protected, so their values are null. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

interface PlannedAdd {
  index: number;
  placed: Placed;
}
interface PlannedChange {
  index: number;
  before: Schedule;
  fields: FieldChange[];
  /** The document that the schedule belongs to before the change; null if it is adopted. */
  ownership: Ownership | null;
  edit: PlannedEdit;
}
/** What a document changes. Nothing of it is stored. */
export interface DocumentPlan {
  adds: PlannedAdd[];
  changes: PlannedChange[];
  /** Schedules of the owner that the document does not have. */
  removals: Schedule[];
  unchanged: number;
}

/** Maximum number of faults that an error lists. */
const MAX_FAULTS = 100;
/** How many names are looked up at once. */
const NAMES = 500;

/**
 * Compares a document with the stored schedules and validates every change. Throws `validation_failed`, or the code
 * that all faults have in common, with the first `MAX_FAULTS` faults.
 */
export async function planDocument(ctx: Ctx, input: DocumentInput): Promise<DocumentPlan> {
  const { deps } = ctx;
  const faults = new Faults(input.schedules.length);
  const entries = parseEntries(input.schedules, faults);
  const [owned, byName] = await Promise.all([
    ownedSchedules(deps, input.owner),
    namedSchedules(
      ctx,
      [...entries.values()].map(({ name }) => name),
    ),
  ]);
  // A schedule that has just been created may be missing from the list of the owner.
  const ownedByName = new Map(owned.map((schedule) => [schedule.name, schedule]));
  const plan: DocumentPlan = { adds: [], changes: [], removals: [], unchanged: 0 };
  const kept = new Set<string>();
  for (const [index, entry] of entries) {
    const holder = byName.get(entry.name);
    const current = holder === HIDDEN ? holder : (holder ?? ownedByName.get(entry.name));
    if (current !== undefined && current !== HIDDEN) kept.add(current.scheduleId);
    await faults.collect(index, async () => {
      if (current === HIDDEN) throw nameFault(entry.name, "is the name of a schedule that you cannot see");
      if (current === undefined) plan.adds.push(await plannedAdd({ ctx, input, index, entry }));
      else {
        const change = await plannedChange({ ctx, input, index, entry, current });
        if (change === null) plan.unchanged += 1;
        else plan.changes.push(change);
      }
    });
  }
  faults.throwIfAny();
  plan.removals = owned.filter(({ scheduleId }) => !kept.has(scheduleId));
  return plan;
}

function parseEntries(raw: readonly unknown[], faults: Faults): Map<number, ScheduleEntry> {
  const entries = new Map<number, ScheduleEntry>();
  const indexOfName = new Map<string, number>();
  for (const [index, one] of raw.entries()) {
    faults.collectNow(index, () => {
      // A repeated field of an entry is an error already.
      if (one instanceof AppError) throw one;
      const entry = parseInput(ScheduleEntry, one);
      const first = indexOfName.get(entry.name);
      if (first !== undefined) throw nameFault(entry.name, `is also the name of schedules.${first}`);
      indexOfName.set(entry.name, index);
      entries.set(index, entry);
    });
  }
  return entries;
}

const nameFault = (name: string, message: string) =>
  fieldError("name_taken", {
    field: "name",
    message: `"${name}" ${message}`,
    expected: "a name that no other schedule has",
  });

/** A schedule outside of the caller's scope. */
const HIDDEN = Symbol("hidden");

/** The schedules that have these names. */
async function namedSchedules({ deps }: Ctx, names: readonly string[]): Promise<Map<string, Schedule | typeof HIDDEN>> {
  const found = new Map<string, Schedule | typeof HIDDEN>();
  for (let from = 0; from < names.length; from += NAMES) {
    const some = names.slice(from, from + NAMES);
    const ids = (await deps.hot.nameHolders(some)).filter((id) => id !== null);
    const rows = await liveSchedules(unscopedDeps(deps), ids);
    const visible = new Set((await liveSchedules(deps, ids)).map(({ scheduleId }) => scheduleId));
    for (const row of rows) {
      if (row.name !== null) found.set(row.name, visible.has(row.scheduleId) ? row : HIDDEN);
    }
  }
  return found;
}

interface EntryCall {
  ctx: Ctx;
  input: DocumentInput;
  index: number;
  entry: ScheduleEntry;
}

async function plannedAdd({ ctx, input, index, entry }: EntryCall): Promise<PlannedAdd> {
  const { deps } = ctx;
  const context = { scheduleId: newScheduleId(), nowMs: deps.clock.now(), settings: deps.settings.current() };
  const source = ownedSource({ owner: input.owner, isEdited: false, ...originOf(input) });
  return { index, placed: await placedDefinition(ctx, entry, { ...context, ...source }) };
}

const originOf = ({ source = {} }: DocumentInput): Origin => ({
  repository: source.repository ?? null,
  file: source.file ?? null,
  commit: source.commit ?? null,
});

/** The change of a stored schedule; null if there is nothing to store. */
async function plannedChange(call: EntryCall & { current: Schedule }): Promise<PlannedChange | null> {
  const { ctx, input, index, entry, current } = call;
  const ownership = ownershipOf(current);
  if (ownership === null && !input.adopt) {
    throw nameFault(
      entry.name,
      "is the name of a schedule that belongs to no document; adopt it, or choose another name",
    );
  }
  if (ownership !== null && ownership.owner !== input.owner) {
    throw nameFault(entry.name, `is the name of a schedule of the document of "${ownership.owner}"`);
  }
  const origin = originOf(input);
  const fields = [...(await changedFields(call)), ...movedField(input, ownership)];
  if (fields.length === 0 && ownership !== null && !ownership.isEdited) return null;
  const kept = input.source === undefined && ownership !== null ? ownership : origin;
  const edit = await planEdit(
    {
      ctx,
      definition: () => ({ ...entry, enabled: entry.enabled ?? current.enabled }),
      source: ownedSource({ ...kept, owner: input.owner, isEdited: false }),
      note: `Applied document ${input.owner}`,
    },
    current,
  );
  return { index, before: current, fields, ownership, edit };
}

/** The change of the file that a document is in. Without a source, a document keeps its former one. */
function movedField(input: DocumentInput, ownership: Ownership | null): FieldChange[] {
  const origin = originOf(input);
  if (ownership === null || input.source === undefined) return [];
  if (origin.repository === ownership.repository && origin.file === ownership.file) return [];
  const words = ({ repository, file }: Origin) => originInWords({ repository, file, commit: null }) || null;
  return [{ field: "source", before: words(ownership), after: words(origin) }];
}

async function changedFields({ ctx, entry, current }: EntryCall & { current: Schedule }): Promise<FieldChange[]> {
  const { deps } = ctx;
  const settings = deps.settings.current();
  const wanted = entryFields(entry, { scheduleId: current.scheduleId, settings });
  const masked = await shownContent(deps, current, MASKED);
  let stored = storedFields({ ...current, ...masked });
  let differing = differingFields(stored, wanted);
  // A caller without the right could otherwise find a masked value by trying.
  if (differing.some((field) => field === "payload" || field === "headers") && mayReveal(ctx)) {
    stored = storedFields(await openContent(deps, current.topic, current));
    differing = differing.filter((field) => differingFields(stored, wanted).includes(field));
  }
  const fields = differing.map((field) => {
    const isContent = field === "payload" || field === "headers";
    return {
      field: wireField([field]),
      before: isContent ? null : toWire(stored[field]),
      after: isContent ? null : toWire(wanted[field]),
    };
  });
  if (entry.enabled === undefined || entry.enabled === current.enabled) return fields;
  return [...fields, { field: "enabled", before: current.enabled, after: entry.enabled }];
}

/** Collects the faults of all entries, so that one answer names more than the first. */
class Faults {
  private readonly errors: AppError[] = [];

  constructor(private readonly total: number) {}

  async collect(index: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.add(index, error);
    }
  }

  collectNow(index: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.add(index, error);
    }
  }

  private add(index: number, error: unknown): void {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    const faults = error.faults.length > 0 ? error.faults : [{ field: "", message: error.message }];
    const inDocument = faults.map((fault) => ({
      ...fault,
      field: ["schedules", String(index), fault.field === "(body)" ? "" : fault.field]
        .filter((part) => part !== "")
        .join("."),
    }));
    this.errors.push(new AppError(error.code, error.message, { faults: inDocument, details: error.details }));
  }

  throwIfAny(): void {
    const [first] = this.errors;
    if (first === undefined) return;
    const codes = new Set(this.errors.map(({ code }) => code));
    const faults = this.errors.flatMap((error) => error.faults);
    const [fault] = faults;
    const count = `${this.errors.length} of ${this.total} schedules`;
    const message = `${count} cannot be applied, so nothing was changed. First: ${fault?.field}: ${fault?.message}`;
    throw new AppError(codes.size === 1 ? first.code : "validation_failed", message, {
      faults: faults.slice(0, MAX_FAULTS),
    });
  }
}
