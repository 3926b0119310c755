import { AppError, fieldError } from "~/server/domain/errors";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Ctx, Deps } from "./ctx";

/**
 * Returns the dependencies without the scope of the caller. Use them only to find the newest row of a schedule, never
 * for a part of an answer.
 */
export function unscopedDeps(deps: Deps): Deps {
  return deps.unscoped ?? deps;
}

export const allowedTopics = (scope: TopicPrefixes): string =>
  scope.length === 0 ? "no topic" : `a topic that begins with ${scope.join(", ")}`;

export function outOfScope(scope: TopicPrefixes): AppError {
  return fieldError("forbidden", {
    field: "topic",
    message: `is outside of your scope: use ${allowedTopics(scope)}`,
    expected: allowedTopics(scope),
  });
}

/** Throws `forbidden`, with the field `topic`, for a topic outside of the caller's scope. */
export function requireTopic(scope: TopicPrefixes | undefined, topic: string): void {
  if (scope !== undefined && !isInScope(scope, topic)) throw outOfScope(scope);
}

export function needsNoScope(): AppError {
  return new AppError("forbidden", "This is about the whole installation, and your access is limited to some topics.", {
    details: { required: "no scope" },
  });
}

/** Throws `forbidden` for a caller with a scope, if an answer cannot be restricted to topics. */
export function requireNoScope({ deps }: Pick<Ctx, "deps">): void {
  if (deps.scope !== undefined) throw needsNoScope();
}
