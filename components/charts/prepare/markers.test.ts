import { expect, it } from "vitest";
import { labelsIn, markedBuckets } from "./markers";

const bucket = { at: 100, end: 200 };
const marker = (at: number) => ({ at, label: `change ${at}` });

it.each([
  ["includes the start and excludes the end of the bucket", [99, 100, 199, 200], "change 100; change 199"],
  [
    "counts labels beyond the fourth",
    [100, 101, 102, 103, 104, 105],
    "change 100; change 101; change 102; change 103; 2 more",
  ],
  ["returns nothing for a bucket without markers", [99, 200], undefined],
])("labelsIn %s", (_, times, text) => {
  expect(labelsIn(bucket, times.map(marker))).toBe(text);
});

it("markedBuckets returns each bucket with markers once", () => {
  const buckets = [bucket, { at: 200, end: 300 }, { at: 300, end: 400 }];
  expect(markedBuckets(buckets, [marker(110), marker(120), marker(399)])).toEqual([buckets[0], buckets[2]]);
});
