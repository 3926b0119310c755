import type { Attention } from "~/components/overview/attention";
import type { Outage } from "~/components/reach/reach-state";

/** Answers come every 5 s. The state is unknown if the last answer is older than this. */
const MAX_ANSWER_AGE_MS = 20_000;

/** The overall state of the board. `since` is epoch ms, or null if no answer has arrived since the board was opened. */
export type WallState =
  | { kind: "starting" }
  | { kind: "signed-out" }
  | { kind: "no-signal"; since: number | null }
  | { kind: "critical"; problems: number; warnings: number }
  | { kind: "warning"; warnings: number }
  | { kind: "ok" };

/**
 * The state of the board at `nowMs`. Unknown states are never shown as good.
 *
 * @param answeredAt when the older of the answers about health and about the engine arrived, epoch ms; 0 until the
 *   first answers are there
 * @param signedOutAt when the server last refused the session, epoch ms; null if never
 * @param openedAt when the board was opened, epoch ms
 */
export function wallState(input: {
  attention: Attention;
  answeredAt: number;
  signedOutAt?: number | null;
  openedAt: number;
  outage: Outage | null;
  nowMs: number;
}): WallState {
  const { attention, answeredAt, signedOutAt = null, openedAt, outage, nowMs } = input;
  const isAnswerOld = nowMs - (answeredAt || openedAt) > MAX_ANSWER_AGE_MS;
  // If the server reports an outage of a store, the signal is not missing.
  const isUnreachable = outage?.parts.some((part) => part === "network" || part === "server");
  if (!isUnreachable && signedOutAt !== null && signedOutAt > answeredAt) return { kind: "signed-out" };
  if (isAnswerOld || isUnreachable) return { kind: "no-signal", since: answeredAt || null };
  const problems = attention.items.filter((item) => item.state === "critical").length;
  const warnings = attention.items.length - problems;
  // At least 1, because the outage is a problem even if no item reports it.
  if (outage !== null) return { kind: "critical", problems: Math.max(1, problems), warnings };
  if (answeredAt === 0) return { kind: "starting" };
  if (problems > 0) return { kind: "critical", problems, warnings };
  if (warnings > 0) return { kind: "warning", warnings };
  return attention.unknown.length > 0 ? { kind: "no-signal", since: answeredAt } : { kind: "ok" };
}
