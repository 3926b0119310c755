import { expect, it } from "vitest";
import { createOpenStreams } from "./open-streams";

const refused = expect.objectContaining({ code: "rate_limited", details: { retryAfterSeconds: 60 } });

it("the streams of one caller are limited, and closing a stream twice has no effect", () => {
  const streams = createOpenStreams({ perCaller: 2, total: 10 });
  const close = streams.enter("ann");
  streams.enter("ann");
  expect(() => streams.enter("ann")).toThrow(refused);
  streams.enter("eve");
  close();
  close();
  streams.enter("ann");
  expect(() => streams.enter("ann")).toThrow(refused);
});

it("the streams of all callers together are limited", () => {
  const streams = createOpenStreams({ perCaller: 10, total: 3 });
  const closers = ["a", "b", "c"].map((id) => streams.enter(id));
  expect(() => streams.enter("d")).toThrow(refused);
  closers[0]?.();
  streams.enter("d");
});
