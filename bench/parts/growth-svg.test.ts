import { describe, expect, it } from "vitest";
import { growthSvg } from "./growth-svg";

const growth = {
  title: "Burst <of events>",
  sizeUnit: "events",
  unit: "events/s",
  points: [
    { size: 100, value: 2500 },
    { size: 1000, value: 12_000 },
    { size: 10_000, value: 20_000 },
  ],
};
const places = (svg: string) =>
  [...svg.matchAll(/<circle cx="(\d+)" cy="(\d+)"/g)].map(([, x, y]) => [x, y].map(Number));

describe("a growth plot", () => {
  it("draws powers of ten at equal distances, and larger values higher", () => {
    const [first, second, third] = places(growthSvg(growth)) as [number[], number[], number[]];
    expect((second[0] as number) - (first[0] as number)).toBe((third[0] as number) - (second[0] as number));
    expect(second[1]).toBeLessThan(first[1] as number);
    expect(third[1]).toBeLessThan(second[1] as number);
  });

  it("labels every decade of both axes, and each value", () => {
    const svg = growthSvg(growth);
    for (const text of [">100<", ">1 k<", ">10 k<", ">100 k<"]) expect(svg).toContain(text);
    for (const text of [">2,500<", ">12,000<", ">20,000<"]) expect(svg).toContain(text);
  });

  it("escapes the title", () => {
    expect(growthSvg(growth)).toContain("Burst &lt;of events>");
  });

  it("draws a horizontal line if all values are equal", () => {
    const same = growthSvg({ ...growth, points: growth.points.map(({ size }) => ({ size, value: 438 })) });
    expect(new Set(places(same).map(([, y]) => y)).size).toBe(1);
    expect(same).not.toContain("NaN");
  });
});
