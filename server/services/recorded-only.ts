import type { Ctx } from "./ctx";

/**
 * Whether to answer a list from ClickHouse alone: Redis does not respond, and the caller marks such an answer for its
 * reader. Other callers, such as REST, fail, because a program would take the answer for complete.
 */
export function isRecordedOnly(ctx: Pick<Ctx, "deps" | "allowsListsWithoutRedis">): boolean {
  return ctx.allowsListsWithoutRedis === true && ctx.deps.reach.unreachable().includes("redis");
}
