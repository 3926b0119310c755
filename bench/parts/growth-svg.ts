/** A measured value at several sizes of the data. */
export interface Growth {
  title: string;
  /** The unit of the horizontal axis, such as "events". */
  sizeUnit: string;
  /** The unit of the vertical axis. */
  unit: string;
  points: readonly { size: number; value: number }[];
}

// Size of the image and its margins, px.
const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 76;
const RIGHT = 24;
const TOP = 48;
const BOTTOM = 56;
const INK = "var(--ink)";

const STYLE = `svg{--ink:#1f2328;--faint:#d0d7de;--line:#0969da;--paper:#fff}
@media (prefers-color-scheme:dark){svg{--ink:#e6edf3;--faint:#30363d;--line:#58a6ff;--paper:#0d1117}}
text{font:12px system-ui,sans-serif;fill:var(--ink)}.title{font-size:14px;font-weight:600}`;

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Formats a power of ten: 1,000 as 1 k, 1,000,000 as 1 M. */
function formatTick(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e3 ? `${value / 1e3} k` : String(value);
}

/** The powers of ten that enclose all values. */
function decades(values: readonly number[]): number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

/** Plots a line with two logarithmic axes, in the colours of the reader's light or dark theme. */
export function growthSvg({ title, sizeUnit, unit, points }: Growth): string {
  const [xs, ys] = [decades(points.map((point) => point.size)), decades(points.map((point) => point.value))];
  const scale = (ticks: readonly number[], from: number, to: number) => {
    const [low, high] = [Math.log10(ticks[0] as number), Math.log10(ticks.at(-1) as number)];
    return (value: number) => Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from));
  };
  const x = scale(xs, LEFT, WIDTH - RIGHT);
  const y = scale(ys, HEIGHT - BOTTOM, TOP);
  const gridLines = [
    ...xs.map((tick) => `<path d="M${x(tick)} ${TOP}V${HEIGHT - BOTTOM}"/>`),
    ...ys.map((tick) => `<path d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/>`),
  ];
  const labels = [
    ...xs.map(
      (tick) => `<text x="${x(tick)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${formatTick(tick)}</text>`,
    ),
    ...ys.map((tick) => `<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${formatTick(tick)}</text>`),
  ];
  const marks = points.map(({ size: at, value }) => {
    const label = Number(value.toPrecision(3)).toLocaleString("en");
    return `<circle cx="${x(at)}" cy="${y(value)}" r="4" fill="var(--line)"/><text x="${x(at)}" y="${y(value) - 10}" text-anchor="middle">${label}</text>`;
  });
  const line = points.map((point, i) => `${i === 0 ? "M" : "L"}${x(point.size)} ${y(point.value)}`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--paper)"/>
<text class="title" x="${LEFT}" y="24">${escaped(title)}</text>
<g stroke="var(--faint)" fill="none">${gridLines.join("")}</g>
${labels.join("\n")}
<path d="${line}" fill="none" stroke="var(--line)" stroke-width="2"/>
${marks.join("\n")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escaped(sizeUnit)}</text>
<text x="16" y="${(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" fill="${INK}" transform="rotate(-90 16 ${(TOP + HEIGHT - BOTTOM) / 2})">${escaped(unit)}</text>
</svg>
`;
}
