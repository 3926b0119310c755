import { z } from "zod";
import { AppError, fieldError } from "~/server/domain/errors";
import { Instant } from "~/server/domain/instant";
import type { VirtualClock } from "~/server/ports/virtual-clock";
import { requireRight, rightsOf } from "../access/require-right";
import type { Ctx } from "../ctx";
import type { Principal } from "../principal";

/** Shorter than the deadline of a request. */
const LONGEST_WAIT_MS = 8000;
const POLL_MS = 10;
const DURATION = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Returns milliseconds. Refuses years and months, whose length varies, weeks and fractions. */
const Duration = z.string().transform((text, context): number => {
  const found = DURATION.exec(text);
  if (found !== null) {
    const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
    ];
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  }
  context.issues.push({
    code: "custom",
    message: "must be an ISO 8601 duration of days, hours, minutes and seconds, such as PT1H or P1DT12H",
    input: text,
  });
  return z.NEVER;
});

export const MoveTestClockInput = z.strictObject({ now: Instant.optional(), advance: Duration.optional() });
export type MoveTestClockInput = z.infer<typeof MoveTestClockInput>;

/** `target`: the time to which the clock is moving; null if it is not moving. */
export interface TestClock {
  now: string;
  target: string | null;
}

/** Whether the caller has the right to read the clock. Pages of other callers skip the call, which would be refused. */
export const mayReadTestClock = (caller: Principal | null): boolean =>
  caller !== null && rightsOf(caller).includes("schedules:read");

/** The virtual clock. Throws `not_found` in every installation that was not started with `--virtual-clock`. */
export async function getTestClock({ ctx }: { ctx: Ctx }): Promise<TestClock> {
  requireRight(ctx, "schedules:read");
  return viewOf(ctx, requireClock(ctx));
}

/**
 * Moves the virtual clock forward, and waits until everything that is due until then was published and recorded. After
 * 8 s it answers with the `target` that the clock has not reached yet. Throws `not_found`, `validation_failed`.
 */
export async function moveTestClock({ ctx, input }: { ctx: Ctx; input: MoveTestClockInput }): Promise<TestClock> {
  requireRight(ctx, "system:operate");
  const clock = requireClock(ctx);
  if ((input.now === undefined) === (input.advance === undefined)) {
    throw fieldError("validation_failed", {
      field: "now",
      message: `${input.now === undefined ? "is missing, and so is advance" : "is given, and so is advance"}`,
      expected: "exactly one of now and advance",
    });
  }
  const nowMs = await ctx.deps.hot.now();
  const targetMs = input.now ?? nowMs + (input.advance ?? 0);
  if (targetMs < nowMs) {
    throw fieldError("validation_failed", {
      field: "now",
      message: "is in the past of the virtual clock",
      expected: `${new Date(nowMs).toISOString()} or later, because the clock never goes back`,
    });
  }
  await clock.setTarget(targetMs);
  const untilMs = performance.now() + LONGEST_WAIT_MS;
  // The services of this process read their clock, which may be behind for some milliseconds.
  const hasArrived = async () => (await clock.target()) === null && ctx.deps.clock.now() >= targetMs;
  while (!(await hasArrived()) && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return viewOf(ctx, clock);
}

function requireClock({ deps }: Ctx): VirtualClock {
  if (deps.virtualClock !== undefined) return deps.virtualClock;
  throw new AppError("not_found", "There is no such address.");
}

async function viewOf({ deps }: Ctx, clock: VirtualClock): Promise<TestClock> {
  const [nowMs, targetMs] = await Promise.all([deps.hot.now(), clock.target()]);
  return { now: new Date(nowMs).toISOString(), target: targetMs === null ? null : new Date(targetMs).toISOString() };
}
