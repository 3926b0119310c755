import type { ExecutionView } from "~/server/domain/views";

type Attempts = Pick<ExecutionView, "effectiveAt" | "dueAt" | "endedAt" | "attempts">;

/** An attempt, or the wait before an attempt. `left` and `width` are percentages of the axis. */
export interface AxisPart {
  kind: "wait" | "attempt";
  /** The number of the attempt, or of the attempt after the wait. */
  n: number;
  fromMs: number;
  toMs: number;
  left: number;
  width: number;
  hasFailed: boolean;
  /** The attempt after this wait has not started. */
  isPending: boolean;
}

/** Keeps attempts of milliseconds visible beside waits of minutes. */
const MIN_WIDTH_PERCENT = 0.8;

/**
 * The attempts of an execution on a linear time axis, with the wait before each attempt, also before one that has not
 * started. The axis begins at the effective time, or at an earlier first attempt. Null if there is no attempt, or a
 * single attempt without a retry.
 */
export function attemptAxis({ effectiveAt, dueAt, endedAt, attempts }: Attempts): {
  fromMs: number;
  toMs: number;
  parts: AxisPart[];
} | null {
  const first = attempts[0];
  if (first === undefined || (attempts.length === 1 && dueAt === null)) return null;
  const fromMs = Math.min(Date.parse(effectiveAt), Date.parse(first.at));
  const spans: Omit<AxisPart, "left" | "width">[] = [];
  let end = fromMs;
  const wait = (n: number, toMs: number, isPending: boolean) => {
    if (toMs > end) spans.push({ kind: "wait", n, fromMs: end, toMs, hasFailed: false, isPending });
    end = Math.max(end, toMs);
  };
  for (const { n, at, durationMs, error } of attempts) {
    const startMs = Date.parse(at);
    wait(n, startMs, false);
    const toMs = startMs + durationMs;
    spans.push({ kind: "attempt", n, fromMs: startMs, toMs, hasFailed: error !== null, isPending: false });
    end = Math.max(end, toMs);
  }
  // The recorded end may differ by a millisecond from the sum of start and duration, because both are rounded.
  if (endedAt !== null) end = Math.max(end, Date.parse(endedAt));
  if (dueAt !== null) wait((attempts.at(-1)?.n ?? 0) + 1, Date.parse(dueAt), true);
  const length = Math.max(1, end - fromMs);
  const parts = spans.map((span) => {
    const width = Math.max(MIN_WIDTH_PERCENT, ((span.toMs - span.fromMs) / length) * 100);
    const left = Math.min(100 - width, ((span.fromMs - fromMs) / length) * 100);
    return { ...span, left, width };
  });
  return { fromMs, toMs: end, parts };
}
