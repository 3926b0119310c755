import type { Ctx } from "./ctx";

/**
 * True if Redis does not respond and the caller (`allowsListsWithoutRedis`) tells the user that the list is from
 * ClickHouse alone. Other callers, such as REST, get an error: a program would take the list as complete.
 */
export function isRecordedOnly(ctx: Pick<Ctx, "deps" | "allowsListsWithoutRedis">): boolean {
  return ctx.allowsListsWithoutRedis === true && ctx.deps.reach.unreachable().includes("redis");
}
