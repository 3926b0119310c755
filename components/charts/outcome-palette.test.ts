import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OUTCOME_ORDER, type ShownOutcome } from "~/components/ui/outcome";
import { OUTCOME_PATTERNS } from "./series";

const CSS = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
/** Below this OKLab distance, two small areas are easily confused. */
const MIN_DISTANCE = 0.065;

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Dichromacy: Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB. */
const VISIONS: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
// Björn Ottosson's matrices of OKLab, for linear RGB.
const RGB_TO_LMS: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const LMS_TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const multiply = (matrix: Matrix, [x, y, z]: Vector): Vector => {
  const dot = ([a, b, c]: Vector) => a * x + b * y + c * z;
  return [dot(matrix[0]), dot(matrix[1]), dot(matrix[2])];
};
const mapVector = ([x, y, z]: Vector, change: (value: number) => number): Vector => [change(x), change(y), change(z)];

function linearOf(hex: string): Vector {
  const value = Number.parseInt(hex.slice(1), 16);
  const channels: Vector = [value >> 16, (value >> 8) & 255, value & 255];
  return mapVector(channels, (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
}

function oklabOf(hex: string, vision: Matrix): Vector {
  const seen = mapVector(multiply(vision, linearOf(hex)), (c) => Math.min(1, Math.max(0, c)));
  return multiply(LMS_TO_LAB, mapVector(multiply(RGB_TO_LMS, seen), Math.cbrt));
}

function distance(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The outcome colours of a theme's block of the style sheet. */
function paletteOf(selector: string): Map<ShownOutcome, string> {
  const block = CSS.slice(CSS.indexOf(`${selector} {`)).split("\n}")[0] ?? "";
  return new Map(
    OUTCOME_ORDER.map((outcome) => [outcome, block.match(`--outcome-${outcome}: (#[0-9a-f]{6});`)?.[1] ?? ""]),
  );
}

const pairsOf = <T>(all: readonly T[]) => all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));

it("oklab distances match known values", () => {
  expect(
    distance(oklabOf("#ffffff", VISIONS.normal as Matrix), oklabOf("#000000", VISIONS.normal as Matrix)),
  ).toBeCloseTo(1, 3);
  // This red and this green are much closer for a deuteranope.
  const gap = (vision: string) =>
    distance(oklabOf("#a06000", VISIONS[vision] as Matrix), oklabOf("#5f7a00", VISIONS[vision] as Matrix));
  expect(gap("deuteranopia")).toBeLessThan(gap("normal") / 2);
});

describe.each([":root", ".dark"])("outcome colours of %s", (selector) => {
  it.each(Object.entries(VISIONS))("have at least the minimum distance with %s vision", (_, vision) => {
    const palette = [...paletteOf(selector)];
    expect(palette.every(([, hex]) => hex !== "")).toBe(true);
    const tooClose = pairsOf(palette)
      .map(([[a, x], [b, y]]) => ({ pair: `${a} ${b}`, apart: distance(oklabOf(x, vision), oklabOf(y, vision)) }))
      .filter(({ apart }) => apart < MIN_DISTANCE);
    expect(tooClose).toEqual([]);
  });
});

/** The colours for series without a meaning of their own, and the colour of the series "Other topics". */
function seriesOf(selector: string): string[] {
  const block = CSS.slice(CSS.indexOf(`${selector} {`)).split("\n}")[0] ?? "";
  return ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "line-control"].map(
    (name) => block.match(`--${name}: (#[0-9a-f]{6});`)?.[1] ?? "",
  );
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [a, b]
    .map((hex) => {
      const [red, green, blue] = linearOf(hex);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .toSorted((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([
  [":root", "#ffffff"],
  [".dark", "#121418"],
])("series colours of %s", (selector, surface) => {
  it.each(Object.entries(VISIONS))("have at least the minimum distance with %s vision", (_, vision) => {
    const colors = seriesOf(selector);
    expect(colors).not.toContain("");
    const tooClose = pairsOf(colors).filter(
      ([a, b]) => distance(oklabOf(a, vision), oklabOf(b, vision)) < MIN_DISTANCE,
    );
    expect(tooClose).toEqual([]);
  });

  it("have a contrast of at least 3:1 to the surface", () => {
    expect(seriesOf(selector).filter((color) => contrast(color, surface) < 3)).toEqual([]);
  });
});

it("bars of two outcomes never have the same pattern", () => {
  const patterns = Object.values(OUTCOME_PATTERNS);
  expect(new Set(patterns).size).toBe(patterns.length);
});
