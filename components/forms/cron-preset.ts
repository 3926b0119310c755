/** The cadences that the form offers. Any other cron is `custom`. */
export type CronPreset =
  | { kind: "minutes"; every: number }
  | { kind: "hourly"; minute: number }
  | { kind: "daily"; time: string }
  | { kind: "weekdays"; time: string }
  | { kind: "weekly"; days: number[]; time: string }
  | { kind: "monthly"; day: number | "L"; time: string }
  | { kind: "custom" };

export type PresetKind = CronPreset["kind"];

/** Only divisors of 60: cron steps restart at minute 0, so any other step would be uneven. */
export const MINUTE_STEPS = [1, 2, 5, 10, 15, 20, 30] as const;

const WEEKDAYS = "1-5";

/** The cron of a preset, in five fields; null for `custom`. `time` is "HH:MM". */
export function presetToCron(preset: CronPreset): string | null {
  switch (preset.kind) {
    case "minutes":
      return preset.every === 1 ? "* * * * *" : `*/${preset.every} * * * *`;
    case "hourly":
      return `${preset.minute} * * * *`;
    case "daily":
      return `${at(preset.time)} * * *`;
    case "weekdays":
      return `${at(preset.time)} * * ${WEEKDAYS}`;
    case "weekly":
      return `${at(preset.time)} * * ${[...preset.days].sort((a, b) => a - b).join(",")}`;
    case "monthly":
      return `${at(preset.time)} ${preset.day} * *`;
    case "custom":
      return null;
  }
}

/** The preset that produces exactly this cron. A leading seconds field must be `0`. */
export function cronToPreset(cron: string): CronPreset {
  const custom: CronPreset = { kind: "custom" };
  const all = cron.trim().split(/\s+/);
  const fields = all.length === 6 && all[0] === "0" ? all.slice(1) : all;
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !weekday || month !== "*") return custom;
  if (hour === "*" && day === "*" && weekday === "*") return withinHour(minute) ?? custom;
  const time = timeOf(hour, minute);
  if (time === null) return custom;
  if (day === "*") {
    if (weekday === "*") return { kind: "daily", time };
    if (weekday === WEEKDAYS) return { kind: "weekdays", time };
    const days = weekday.split(",").map(Number);
    const plain = /^[0-6](,[0-6])*$/.test(weekday) && new Set(days).size === days.length;
    return plain ? { kind: "weekly", days: days.sort((a, b) => a - b), time } : custom;
  }
  if (weekday !== "*") return custom;
  if (day === "L") return { kind: "monthly", day: "L", time };
  return inRange(day, { min: 1, max: 31 }) ? { kind: "monthly", day: Number(day), time } : custom;
}

function withinHour(minute: string): CronPreset | null {
  if (minute === "*") return { kind: "minutes", every: 1 };
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (step !== undefined && MINUTE_STEPS.some((one) => String(one) === step)) {
    return { kind: "minutes", every: Number(step) };
  }
  return inRange(minute, { min: 0, max: 59 }) ? { kind: "hourly", minute: Number(minute) } : null;
}

function timeOf(hour: string, minute: string): string | null {
  if (!inRange(hour, { min: 0, max: 23 }) || !inRange(minute, { min: 0, max: 59 })) return null;
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

function inRange(text: string, { min, max }: { min: number; max: number }): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

function at(time: string): string {
  const [hour = "0", minute = "0"] = time.split(":");
  return `${Number(minute)} ${Number(hour)}`;
}
