import { AppError, fieldError } from "~/server/domain/errors";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Ctx, Deps } from "./ctx";

/**
 * The dependencies without the scope of the caller. Only to decide about the newest row of a schedule, whoever may see
 * it; never for a part of an answer.
 */
export function unscopedDeps(deps: Deps): Deps {
  return deps.unscoped ?? deps;
}

/** Names the prefixes that a caller with a scope may use. */
export const allowedTopics = (scope: TopicPrefixes): string =>
  scope.length === 0 ? "no topic" : `a topic that begins with ${scope.join(", ")}`;

/** The error of a topic outside of the caller's scope. */
export function outOfScope(scope: TopicPrefixes): AppError {
  return fieldError("forbidden", {
    field: "topic",
    message: `is outside of your scope: use ${allowedTopics(scope)}`,
    expected: allowedTopics(scope),
  });
}

/**
 * Refuses a topic outside of the caller's scope.
 * @throws AppError `forbidden`, with the field `topic` and the allowed prefixes
 */
export function requireTopic(scope: TopicPrefixes | undefined, topic: string): void {
  if (scope !== undefined && !isInScope(scope, topic)) throw outOfScope(scope);
}

/** The error of a call that is about the whole installation. */
export function needsNoScope(): AppError {
  return new AppError("forbidden", "This is about the whole installation, and your access is limited to some topics.", {
    details: { required: "no scope" },
  });
}

/**
 * Refuses a caller with a scope, for calls whose answer cannot be restricted to topics.
 * @throws AppError `forbidden`
 */
export function requireNoScope({ deps }: Pick<Ctx, "deps">): void {
  if (deps.scope !== undefined) throw needsNoScope();
}
