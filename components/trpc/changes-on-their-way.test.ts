import { expect, it } from "vitest";
import { changesOnTheirWay } from "./changes-on-their-way";

/** Runs the callbacks of the promises that are resolved. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("has ended at once without a change", async () => {
  await expect(changesOnTheirWay().ended()).resolves.toBeUndefined();
});

it("ends for every waiting call when the last change ends", async () => {
  const changes = changesOnTheirWay();
  const endFirst = changes.begin();
  const endSecond = changes.begin();
  const ended: string[] = [];
  void changes.ended().then(() => ended.push("a"));
  void changes.ended().then(() => ended.push("b"));
  endFirst();
  await settle();
  expect(ended).toEqual([]);
  endSecond();
  await settle();
  expect(ended).toEqual(["a", "b"]);
});

it("counts a change once, however often it is ended", async () => {
  const changes = changesOnTheirWay();
  const end = changes.begin();
  const endOther = changes.begin();
  end();
  end();
  let hasEnded = false;
  void changes.ended().then(() => {
    hasEnded = true;
  });
  await settle();
  expect(hasEnded).toBe(false);
  endOther();
  await settle();
  expect(hasEnded).toBe(true);
});

it("waits for a change that begins after others have ended", async () => {
  const changes = changesOnTheirWay();
  changes.begin()();
  const end = changes.begin();
  let hasEnded = false;
  const waiting = changes.ended().then(() => {
    hasEnded = true;
  });
  await settle();
  expect(hasEnded).toBe(false);
  end();
  await waiting;
});
