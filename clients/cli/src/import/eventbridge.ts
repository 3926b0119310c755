import {
  compact,
  type Imported,
  type ImportedEntry,
  type ImportOptions,
  type Remark,
  uniqueNames,
} from "./imported.js";
import { instantIn } from "./local-time.js";
import { cronOfInterval, minutesOf } from "./rate.js";

/*
 * Reads schedules of EventBridge Scheduler as JSON: an answer of `aws scheduler get-schedule`, a list of them, an
 * object with `Schedules`, or a CloudFormation template. EventBridge skips a time that does not exist, and runs
 * once at a time that occurs twice.
 */

interface Schedule {
  Name?: string;
  GroupName?: string;
  Description?: string;
  ScheduleExpression?: string;
  ScheduleExpressionTimezone?: string;
  StartDate?: string | number;
  EndDate?: string | number;
  State?: string;
  FlexibleTimeWindow?: { Mode?: string; MaximumWindowInMinutes?: number };
  ActionAfterCompletion?: string;
  Target?: {
    Arn?: string;
    Input?: string;
    RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
    DeadLetterConfig?: { Arn?: string };
  };
}

type Times = Record<string, unknown> & { timezone: string };
type Note = (kind: Remark["kind"], message: string) => void;

const MAX_RETRIES = 10;

/** @throws Error for text that is not JSON, or in none of the forms of `schedulesIn` */
export function importEventBridge(text: string, options: ImportOptions): Imported {
  const remarks: Remark[] = [];
  const schedules: ImportedEntry[] = [];
  const nameOf = uniqueNames();
  for (const [index, one] of schedulesIn(JSON.parse(text)).entries()) {
    const entry = readSchedule(one, { index, options, remarks, nameOf });
    if (entry !== null) schedules.push(entry);
  }
  if (schedules.length > 0) {
    remarks.unshift({
      ...{ line: null, name: null, kind: "differs" },
      message:
        "A schedule publishes an event with Input as its payload, and does not call the target. Its ARN is in the description.",
    });
  }
  return { document: { version: 1, owner: options.owner, schedules }, remarks };
}

function schedulesIn(value: unknown): Schedule[] {
  if (Array.isArray(value)) return value as Schedule[];
  if (typeof value === "object" && value !== null) {
    const { Schedules, Resources } = value as { Schedules?: Schedule[]; Resources?: Record<string, unknown> };
    if (Array.isArray(Schedules)) return Schedules;
    if (Resources !== undefined) {
      return Object.entries(Resources as Record<string, { Type?: string; Properties?: Schedule }>)
        .filter(([, { Type }]) => Type === "AWS::Scheduler::Schedule")
        .map(([id, { Properties }]) => ({ Name: id, ...Properties }));
    }
    if ("ScheduleExpression" in value) return [value as Schedule];
  }
  throw new Error("has no schedules (expected: an answer of get-schedule, a list of them, Schedules, or Resources)");
}

function readSchedule(
  schedule: Schedule,
  context: { index: number; options: ImportOptions; remarks: Remark[]; nameOf: (wanted: string) => string },
): ImportedEntry | null {
  const { options, remarks, nameOf } = context;
  const group = schedule.GroupName === "default" ? undefined : schedule.GroupName;
  const title = [group, schedule.Name ?? `schedule ${context.index + 1}`].filter((part) => part).join("/");
  const notes: Omit<Remark, "name">[] = [];
  const note: Note = (kind, message) => notes.push({ line: null, kind, message });
  const times = timesOf(schedule, note);
  if ("fault" in times) {
    remarks.push({ line: null, name: title, kind: "skipped", message: String(times.fault) });
    return null;
  }
  const { FlexibleTimeWindow: window, Target: target = {} } = schedule;
  const isFlexible = window?.Mode === "FLEXIBLE";
  if (isFlexible) {
    note(
      "differs",
      "The flexible window is jitter_seconds: each run is delayed by a time within it. The delay is computed once for each run, not again for its retries.",
    );
  }
  const content = payloadOf(target.Input, note);
  const retry = retryOf(target, note);
  if (schedule.ActionAfterCompletion === "DELETE")
    note("differs", "ActionAfterCompletion: DELETE is not imported: a completed schedule stays, with its history.");
  if (target.DeadLetterConfig !== undefined)
    note("differs", "The dead-letter queue is not imported: failed events are dead letters of this product.");
  const name = nameOf(`${options.owner}: ${title}`);
  remarks.push(...notes.map((one) => ({ ...one, name })));
  const description = [schedule.Description, target.Arn && `Target: ${target.Arn}`].filter((part) => part).join("\n");
  return compact({
    name,
    description: description === "" ? undefined : description.slice(0, 2000),
    topic: options.topic,
    entity_type: "scheduled_event",
    action: "invoke",
    enabled: schedule.State === "DISABLED" ? false : undefined,
    ...times,
    catch_up: "execution_time" in times ? undefined : { policy: "none" },
    jitter_seconds: isFlexible ? Math.min(86_400, (window?.MaximumWindowInMinutes ?? 0) * 60) : undefined,
    ...retry,
    payload: content,
  });
}

function payloadOf(input: string | undefined, note: Note): unknown {
  if (input === undefined) return undefined;
  if (input.includes("<aws.scheduler."))
    note("differs", "Placeholders such as <aws.scheduler.execution-id> in Input are not replaced.");
  try {
    const value: unknown = JSON.parse(input);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    note("differs", "Input is not an object; it is in payload.input.");
    return { input: value };
  } catch {
    note("differs", "Input is not JSON; it is in payload.input.");
    return { input };
  }
}

function retryOf({ RetryPolicy: policy }: NonNullable<Schedule["Target"]>, note: Note) {
  const attempts = policy?.MaximumRetryAttempts;
  if (attempts !== undefined && attempts > MAX_RETRIES) {
    note("differs", `MaximumRetryAttempts: ${attempts} is max_retries: ${MAX_RETRIES}, the most that is possible.`);
  }
  return {
    max_retries: attempts === undefined ? undefined : Math.min(MAX_RETRIES, attempts),
    max_delay_seconds: policy?.MaximumEventAgeInSeconds,
  };
}

const msOf = (date: string | number | undefined): number | null =>
  date == null ? null : typeof date === "number" ? date * 1000 : Date.parse(date);
const isoOf = (ms: number | null) => (ms === null || Number.isNaN(ms) ? undefined : new Date(ms).toISOString());

/** The times of a schedule, or why it has none here. */
function timesOf(schedule: Schedule, note: Note): Times | { fault: string } {
  const { ScheduleExpression: text, ScheduleExpressionTimezone: zone = "UTC" } = schedule;
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/s.exec((text ?? "").trim()) ?? [];
  if (kind === undefined)
    return { fault: `ScheduleExpression ${JSON.stringify(text ?? null)} is not at(…), rate(…) or cron(…)` };
  for (const name of ["StartDate", "EndDate"] as const) {
    const ms = msOf(schedule[name]);
    if (ms !== null && Number.isNaN(ms)) return { fault: `${name} ${JSON.stringify(schedule[name])} is not a time` };
  }
  const bounds = { start_at: isoOf(msOf(schedule.StartDate)), end_at: isoOf(msOf(schedule.EndDate)) };
  try {
    if (kind === "at") return { execution_time: isoOf(instantIn(zone, inner.trim())), timezone: zone };
    if (kind === "rate") return rateTimes(inner, { startMs: msOf(schedule.StartDate), end_at: bounds.end_at }, note);
    return cronTimes(inner, { zone, bounds }, note);
  } catch (error) {
    if (error instanceof RangeError) return { fault: error.message };
    throw error;
  }
}

function rateTimes(
  inner: string,
  { startMs, end_at }: { startMs: number | null; end_at?: string },
  note: Note,
): Times | { fault: string } {
  const minutes = minutesOf(inner);
  if (minutes === null) return { fault: `rate(${inner}) is not a number of minutes, hours or days` };
  const rate = cronOfInterval(minutes, startMs);
  if ("fault" in rate) return { fault: `rate(${inner}): ${rate.fault}` };
  note(
    "differs",
    startMs === null
      ? `rate(${inner}) counts from its creation; the schedule fires at round times in UTC.`
      : `rate(${inner}) becomes a cron expression in UTC with the same interval, counted from StartDate.`,
  );
  // A fraction of a second in start_at would exclude the run at StartDate.
  const start_at = isoOf(startMs === null ? null : Math.floor(startMs / 1000) * 1000);
  return { cron_expression: rate.cron, timezone: "UTC", start_at, end_at };
}

/** Reads a cron of six fields: minute, hour, day of month, month, day of week (1 is Sunday), year. */
function cronTimes(
  inner: string,
  { zone, bounds }: { zone: string; bounds: { start_at?: string; end_at?: string } },
  note: Note,
): Times | { fault: string } {
  const fields = inner.trim().split(/\s+/);
  const [minute, hour, dayOfMonth = "", month, dayOfWeek = "", year = ""] = fields;
  if (fields.length !== 6)
    return { fault: `cron(${inner}) has ${fields.length} fields (expected: 6, with the year last)` };
  if (/W/i.test(dayOfMonth)) return { fault: `day of month "${dayOfMonth}": W, the nearest weekday, is not supported` };
  if (/^L-/i.test(dayOfMonth)) return { fault: `day of month "${dayOfMonth}": only L, the last day, is supported` };
  const weekday = weekdayOf(dayOfWeek);
  if (weekday === null) return { fault: `day of week "${dayOfWeek}" is not supported` };
  // A number behind "#" or "/" is no day.
  if (/(?<![#/])\d/.test(dayOfWeek))
    note("kept", `Days of the week are counted from 1 (Sunday) there and from 0 here: "${dayOfWeek}" is "${weekday}".`);
  const years = yearBounds(year, zone, bounds);
  if (years === null) return { fault: `year "${year}": only *, one year or one range of years is supported` };
  if (year !== "*") note("kept", `The year "${year}" is start_at and end_at.`);
  const cron = [minute, hour, dayOfMonth === "?" ? "*" : dayOfMonth, month, weekday].join(" ");
  const hasClockChanges = zone !== "UTC";
  if (hasClockChanges) note("kept", "Clock changes: dst_gap: skip and dst_overlap: first, as in EventBridge.");
  return {
    cron_expression: cron,
    timezone: zone,
    ...(hasClockChanges ? { dst_gap: "skip", dst_overlap: "first" } : {}),
    ...years,
  };
}

/** Converts 1 to 7 (Sunday first) to 0 to 6; null for what has no equivalent. */
function weekdayOf(text: string): string | null {
  if (text === "?" || text === "*") return "*";
  const items = text.split(",").map((item) => {
    const [, from = "", to, step, last, nth] =
      /^(\d|[A-Za-z]{3})(?:-(\d|[A-Za-z]{3}))?(?:\/(\d))?(L)?(?:#(\d))?$/.exec(item) ?? [];
    const shifted = (day: string) =>
      /^[1-7]$/.test(day) ? String(Number(day) - 1) : /^[A-Za-z]{3}$/.test(day) ? day : null;
    const start = shifted(from);
    // In EventBridge, a step ends at Saturday. The product's cron also has 7 for Sunday, so `1/3` would add Sunday.
    const end = to !== undefined ? shifted(to) : step !== undefined ? "6" : undefined;
    if (start === null || end === null) return null;
    return `${start}${end === undefined ? "" : `-${end}`}${step === undefined ? "" : `/${step}`}${last ?? ""}${nth === undefined ? "" : `#${nth}`}`;
  });
  return items.includes(null) ? null : items.join(",");
}

function yearBounds(
  year: string,
  zone: string,
  { start_at, end_at }: { start_at?: string; end_at?: string },
): { start_at?: string; end_at?: string } | null {
  if (year === "*") return { start_at, end_at };
  const [, from, to = from] = /^(\d{4})(?:-(\d{4}))?$/.exec(year) ?? [];
  if (from === undefined || to === undefined) return null;
  const first = new Date(instantIn(zone, `${from}-01-01T00:00:00`)).toISOString();
  const last = new Date(instantIn(zone, `${Number(to) + 1}-01-01T00:00:00`) - 1000).toISOString();
  return {
    start_at: start_at !== undefined && start_at > first ? start_at : first,
    end_at: end_at !== undefined && end_at < last ? end_at : last,
  };
}
