import { localTime, occurrences, type RecurrenceSpec, skippedByDst } from "~/server/domain/recurrence";

/** A picture of the instants at which schedules fire around a clock change. */
export interface Timeline {
  title: string;
  timezone: string;
  /** The first and the last instant, epoch ms; whole hours. */
  fromMs: number;
  untilMs: number;
  /** The part to shade, epoch ms, with its label. A part without length is a line. */
  marks: readonly { fromMs: number; untilMs: number; label: string }[];
  groups: readonly {
    cronExpression: string;
    rows: readonly { label: string; policies?: Partial<Pick<RecurrenceSpec, "dstGap" | "dstOverlap">> }[];
  }[];
}

const HOUR_MS = 3_600_000;
const WIDTH = 720;
const LEFT = 150;
const RIGHT = 40;
const TOP = 92;
const ROW = 34;
const GROUP = 38;
const FIRST_GROUP = 22;
const LIMIT = 100;
/** With a margin in the colour of the background, so that lines do not cross the text. */
const DOT_LABEL = 'font-size="11" stroke="var(--surface)" stroke-width="4" paint-order="stroke"';

/** The names are those of the dashboard's colours, so that a picture inside a page has the colours of its theme. */
const STYLE = `<style>svg{--ink:#14161a;--muted:#50555f;--line-strong:#d2d5db;--accent:#4a52cc;--warning-ink:#855100;--warning-soft:#fdf4e1;--surface:#fff}
@media (prefers-color-scheme:dark){svg{--ink:#eceef2;--muted:#a8adb8;--line-strong:#343841;--accent:#6a72e8;--warning-ink:#e9b357;--warning-soft:#2d2110;--surface:#121418}}</style>`;

/** Draws the timeline as SVG. The dots are computed by the rules that fire schedules. */
export function drawTimeline(timeline: Timeline): string {
  const { fromMs, untilMs, timezone } = timeline;
  const x = (ms: number) => LEFT + ((ms - fromMs) / (untilMs - fromMs)) * (WIDTH - LEFT - RIGHT);
  const parts: string[] = [];
  let y = TOP;
  for (const [index, { cronExpression, rows }] of timeline.groups.entries()) {
    y += index === 0 ? FIRST_GROUP : GROUP;
    parts.push(text({ x: 0, y, content: cronExpression, attributes: 'font-family="monospace" font-weight="600"' }));
    for (const { label, policies } of rows) {
      y += ROW;
      const spec: RecurrenceSpec = {
        cronExpression,
        timezone,
        dstGap: "first_valid",
        dstOverlap: "first",
        ...policies,
      };
      parts.push(row({ spec, label, y, range: { fromMs, untilMs }, x }));
    }
  }
  const height = y + 20;
  const marks = timeline.marks.map((mark) => markPart(mark, { x, height }));
  const hours = Array.from({ length: (untilMs - fromMs) / HOUR_MS + 1 }, (_, i) => fromMs + i * HOUR_MS);
  const ticks = hours.map((ms) => tick({ ms, x: x(ms), timezone, height }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${timeline.title}" font-family="ui-sans-serif, system-ui, sans-serif" font-size="12">`,
    STYLE,
    `<rect width="${WIDTH}" height="${height}" fill="var(--surface)"/>`,
    ...marks,
    text({ x: 0, y: 60, content: timezone, fill: "muted" }),
    text({ x: 0, y: 78, content: "UTC", fill: "muted" }),
    ...ticks,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

interface Text {
  x: number;
  y: number;
  content: string;
  fill?: "ink" | "muted" | "warning-ink";
  anchor?: "middle";
  attributes?: string;
}

function text({ x, y, content, fill = "ink", anchor, attributes = "" }: Text): string {
  const extra = [anchor ? `text-anchor="${anchor}"` : "", attributes].filter(Boolean).join(" ");
  return `<text x="${round(x)}" y="${y}" fill="var(--${fill})"${extra && ` ${extra}`}>${content}</text>`;
}

const round = (value: number) => Number(value.toFixed(1));
/** The time of day in a zone, such as 02:30. */
const clock = (timezone: string, ms: number) => localTime(timezone, ms).slice(11, 16);

function tick(input: { ms: number; x: number; timezone: string; height: number }): string {
  const { ms, x, timezone, height } = input;
  const before = clock(timezone, ms - 60_000);
  // Where the clock jumps, the minute before shows what it jumps from.
  const [hour = 0, minute = 0] = before.split(":").map(Number);
  const expected = `${String((hour + Math.floor((minute + 1) / 60)) % 24).padStart(2, "0")}:${String((minute + 1) % 60).padStart(2, "0")}`;
  const now = clock(timezone, ms);
  const label = now === expected ? now : `${expected} → ${now}`;
  return [
    `<path d="M${round(x)} 84V${height - 10}" stroke="var(--line-strong)"/>`,
    text({ x, y: 60, content: label, anchor: "middle" }),
    text({ x, y: 78, content: clock("UTC", ms), fill: "muted", anchor: "middle" }),
  ].join("");
}

function markPart(
  { fromMs, untilMs, label }: Timeline["marks"][number],
  { x, height }: { x: (ms: number) => number; height: number },
): string {
  const from = round(x(fromMs));
  const width = round(x(untilMs) - x(fromMs));
  const shape =
    width === 0
      ? `<path d="M${from} 84V${height - 10}" stroke="var(--warning-ink)" stroke-width="2" stroke-dasharray="4 3"/>`
      : `<rect x="${from}" y="34" width="${width}" height="${height - 44}" fill="var(--warning-soft)"/>`;
  return shape + text({ x: from + width / 2, y: 26, content: label, fill: "warning-ink", anchor: "middle" });
}

function row(input: {
  spec: RecurrenceSpec;
  label: string;
  y: number;
  range: { fromMs: number; untilMs: number };
  x: (ms: number) => number;
}): string {
  const { spec, label, y, range, x } = input;
  const bounds = { afterMs: range.fromMs - 1, untilMs: range.untilMs, limit: LIMIT };
  const dots = occurrences(spec, bounds).map(({ nominalMs }) => {
    const at = clock(spec.timezone, nominalMs);
    const name = text({ x: x(nominalMs), y: y - 9, content: at, anchor: "middle", attributes: DOT_LABEL });
    return `<circle cx="${round(x(nominalMs))}" cy="${y}" r="5" fill="var(--accent)"/>${name}`;
  });
  const skips = skippedByDst(spec, bounds).map(
    ({ nominalMs }) =>
      `<circle cx="${round(x(nominalMs))}" cy="${y}" r="5" fill="var(--surface)" stroke="var(--muted)" stroke-dasharray="2 2"/>${text({ x: x(nominalMs), y: y - 9, content: "skipped", fill: "muted", anchor: "middle", attributes: DOT_LABEL })}`,
  );
  return [
    text({ x: 12, y: y + 4, content: label, fill: "muted" }),
    `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="var(--line-strong)"/>`,
    ...dots,
    ...skips,
  ].join("");
}
