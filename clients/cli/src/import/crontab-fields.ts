interface Field {
  name: string;
  min: number;
  max: number;
  /** The names of the values, from `min` on. */
  names: readonly string[];
  /** The syntax, for the remark about a field that has another one. */
  expected: string;
}

const NUMBERS = "numbers, *, lists, ranges and steps";
const NAMED = "numbers, names of three letters, *, lists, ranges and steps";
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/** An item of a list: its first value or `*`, the end of its range, and its step. */
const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;
/** A step after a single value. In Vixie cron, the step has no effect; here, the value would begin a range. */
const STEP_OF_ONE = /^\w+\//;
const MAX_STEP = 999;
/** The fields of a crontab. */
const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59, names: [], expected: NUMBERS },
  { name: "hour", min: 0, max: 23, names: [], expected: NUMBERS },
  { name: "day of month", min: 1, max: 31, names: [], expected: NUMBERS },
  { name: "month", min: 1, max: 12, names: MONTHS, expected: NAMED },
  { name: "day of week", min: 0, max: 7, names: WEEKDAYS, expected: NAMED },
];

/** Why the fields of a line cannot be a cron expression with the same meaning; null if they can. */
export function cronFault(cron: string): string | null {
  if (cron.startsWith("@")) return null;
  const fields = cron.split(" ");
  for (const [index, field] of fields.entries()) {
    const fault = fieldFault(FIELDS[index] as Field, field);
    if (fault !== null) return fault;
  }
  const [, , dayOfMonth = "*", , dayOfWeek = "*"] = fields;
  // In Vixie cron, a day field that begins with "*" counts as "*" for the rule of the two day fields.
  const isStepped = (field: string) => field.startsWith("*") && field !== "*";
  if (dayOfMonth !== "*" && dayOfWeek !== "*" && (isStepped(dayOfMonth) || isStepped(dayOfWeek))) {
    return `day of month "${dayOfMonth}" and day of week "${dayOfWeek}": cron runs on days that match both, because one begins with "*". Here, a day that matches either would count.`;
  }
  return null;
}

function fieldFault(field: Field, text: string): string | null {
  const shown = `${field.name} "${text}"`;
  if (text.includes("~")) return `${shown}: random times are not supported. Write a fixed time and jitter_seconds.`;
  for (const item of text.split(",")) {
    const fault = itemFault(field, item);
    if (fault !== null) return `${shown}${fault}`;
  }
  return null;
}

function itemFault({ min, max, names, expected }: Field, item: string): string | null {
  const numberIn = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    return named >= 0 ? named + min : /^\d{1,2}$/.test(text) ? Number(text) : null;
  };
  const [matched, first = String(min), second = first, step = "1"] = ITEM.exec(item) ?? [];
  const from = numberIn(first);
  const to = numberIn(second);
  if (matched === undefined || from === null || to === null) {
    return ` is not a field of a crontab (expected: ${expected})`;
  }
  if ([from, to].some((value) => value < min || value > max)) return ` is out of range (expected: ${min} to ${max})`;
  if (STEP_OF_ONE.test(item)) {
    const last = names === WEEKDAYS ? 6 : max;
    return `: a step needs * or a range. Write ${first}-${last}/${step}, or leave out the step.`;
  }
  if (Number(step) < 1 || Number(step) > MAX_STEP)
    return ` has a step that is out of range (expected: 1 to ${MAX_STEP})`;
  // Cron refuses such a range or matches nothing with it. Sunday is 7 at the end of a range, as in `apply`.
  const isEndOfWeek = names === WEEKDAYS && second.toUpperCase() === "SUN";
  return to < from && !isEndOfWeek ? ": the range ends before it starts. Write two ranges." : null;
}
