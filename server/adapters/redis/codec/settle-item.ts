import { AppError } from "~/server/domain/errors";
import type { PlanTail } from "~/server/domain/placement";
import type { SettleDelta, SettleItem } from "~/server/ports/hot/settlement";
import { encodeDelta, encodePartitionAndOffset, sharesDelta } from "./outbox";
import { packKey } from "./packed-id";
import { encodeMeta, encodePlan, headerError, OUTCOME_CODES, wholeNumber } from "./record";

const TAIL_CODES = { hot: "h", far: "f", end: "e" } as const satisfies Record<PlanTail["kind"], string>;

/** The four texts of a settle item; the format is in lua/includes/settle_item.lua. */
export function encodeSettleItem(
  item: SettleItem,
  shared: SettleDelta | null,
): [kind: string, member: string, body: string, fields: string] {
  const { claim } = item;
  const member = `${claim.token}|${packKey(claim.key)}`;
  const tail = encodeTail(item.tail);
  switch (item.kind) {
    case "done": {
      const { delta } = item;
      const lastExecution = wholeNumber(delta.firedAt ?? delta.endedAt, "last_execution");
      const body = shared !== null && sharesDelta(delta, shared) ? encodePartitionAndOffset(delta) : encodeDelta(delta);
      return [`d${OUTCOME_CODES[delta.outcome]}`, member, body, `${lastExecution}|${tail}|${headerError(delta.error)}`];
    }
    case "retry": {
      const meta = encodeMeta({ attempts: item.attempts, actor: claim.actor });
      return ["r", member, meta, `${roundMs(item.atMs)}|${tail}|`];
    }
    case "hold": {
      const expiresAt = item.untilMs === null ? "" : roundMs(item.untilMs);
      return ["h", member, "", `${expiresAt}|${tail}|${claim.schedule.topic}`];
    }
  }
}

/** Computed delays may have a fraction. */
const roundMs = (ms: number) => wholeNumber(Math.round(ms), "time");

function encodeTail(tail: PlanTail | null): string {
  return tail === null ? "|" : `${TAIL_CODES[tail.kind]}|${tailData(tail)}`;
}

function tailData(tail: PlanTail): string {
  switch (tail.kind) {
    case "hot":
      return encodePlan(tail.more);
    case "far":
      return String(wholeNumber(tail.nextExecution, "next_execution"));
    case "end":
      return "";
  }
}

/** The tail as arguments of a replan. */
export function tailArgs(tail: PlanTail): { tail: string; data: string } {
  if (tail.kind === "hot" && tail.more.length === 0) throw new AppError("internal", "The new plan is empty.");
  return { tail: TAIL_CODES[tail.kind], data: tailData(tail) };
}
