const DAY_MS = 86_400_000;

/** The actions that the palette offers for a schedule. */
export const PALETTE_VERBS = ["open", "run", "pause", "resume", "edit", "duplicate", "delete", "why"] as const;
export type PaletteVerb = (typeof PALETTE_VERBS)[number];

/** The typed text, read as a verb with search words, or as an id. */
export interface PaletteText {
  verb: PaletteVerb;
  /** The text to search for, without the verb. */
  words: string;
  /** `words` as a lower-case UUID, if it is one. */
  id: string | null;
  /** The time of "why … at 08:00", with or without a date before it; null if there is none. */
  at: { date: string | null; clock: string } | null;
}

const VERB_PATTERNS: readonly (readonly [RegExp, PaletteVerb])[] = [
  [/^run(?:\s+now)?(?:\s+|$)/i, "run"],
  [/^pause(?:\s+|$)/i, "pause"],
  [/^resume(?:\s+|$)/i, "resume"],
  [/^edit(?:\s+|$)/i, "edit"],
  [/^duplicate(?:\s+|$)/i, "duplicate"],
  [/^delete(?:\s+|$)/i, "delete"],
  [/^(?:why|explain)(?:\s+|$)/i, "why"],
];
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The end of "why invoice at 08:00" and "why invoice at 2026-11-27 08:00". */
const ASKED_TIME = /\s+at(?:\s+(\d{4}-\d\d-\d\d))?\s+((?:[01]?\d|2[0-3]):[0-5]\d)$/i;

/** A shorter text is probably the beginning of a word, not a correlation id. */
const MIN_CORRELATION_CHARS = 3;
const MAX_CORRELATION_CHARS = 512;

/** Whether the words may be a correlation id: one word of fitting length. A UUID is searched as an id instead. */
export function mayBeCorrelation(words: string): boolean {
  const hasLength = words.length >= MIN_CORRELATION_CHARS && words.length <= MAX_CORRELATION_CHARS;
  return hasLength && !/\s/.test(words) && !UUID.test(words);
}

/** "pause invoice" is the verb `pause` with the words `invoice`; "invoice" alone is the verb `open`. */
export function readPaletteText(text: string): PaletteText {
  const trimmed = text.trim();
  const [pattern, verb = "open"] = VERB_PATTERNS.find(([one]) => one.test(trimmed)) ?? [];
  const rest = pattern ? trimmed.replace(pattern, "") : trimmed;
  const asked = verb === "why" ? ASKED_TIME.exec(rest) : null;
  const words = asked ? rest.slice(0, asked.index) : rest;
  const at = asked ? { date: asked[1] ?? null, clock: (asked[2] ?? "").padStart(5, "0") } : null;
  return { verb, words, id: UUID.test(words) ? words.toLowerCase() : null, at };
}

/** The asked time as a local time in the schedule's zone. Without a date, uses the latest time up to `nowWall`. */
export function askedWall({ date, clock }: NonNullable<PaletteText["at"]>, nowWall: string): string {
  if (date !== null) return `${date}T${clock}`;
  const today = nowWall.slice(0, 10);
  if (`${today}T${clock}` <= nowWall) return `${today}T${clock}`;
  // The calendar day before, computed in UTC, where every day has 24 hours.
  return `${new Date(Date.parse(today) - DAY_MS).toISOString().slice(0, 10)}T${clock}`;
}

/** Whether the verb has an effect on a schedule with this status. */
export function canDo(verb: PaletteVerb, status: "active" | "paused" | "disabled" | "completed"): boolean {
  if (verb === "pause") return status === "active";
  if (verb === "resume") return status === "paused" || status === "disabled";
  return true;
}
