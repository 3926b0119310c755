import { AppError, fieldError } from "~/server/domain/errors";
import { isInScope, type TopicPrefixes } from "~/server/domain/scope";
import type { Ctx, Deps } from "./ctx";

/**
 * Returns the dependencies without the caller's scope. Whatever is read with them must be checked or filtered by the
 * scope before it reaches the caller.
 */
export function unscopedDeps<D extends Partial<Deps>>(deps: D & { unscoped?: D }): D {
  return deps.unscoped ?? deps;
}

export const allowedTopics = (scope: TopicPrefixes): string =>
  scope.length === 0 ? "no topic" : `a topic that begins with ${scope.join(", ")}`;

const NO_TOPICS = "cannot be used: your scope contains no topics. Ask an admin to extend it";

export function outOfScope(scope: TopicPrefixes): AppError {
  return fieldError("forbidden", {
    field: "topic",
    message: scope.length === 0 ? NO_TOPICS : `is outside of your scope: use ${allowedTopics(scope)}`,
    expected: allowedTopics(scope),
  });
}

/** Throws `forbidden`, with the field `topic`, for a topic outside of the caller's scope. */
export function requireTopic(scope: TopicPrefixes | undefined, topic: string): void {
  if (scope !== undefined && !isInScope(scope, topic)) throw outOfScope(scope);
}

/** Throws `forbidden`, for a call about the whole installation by a caller with a scope. */
export function refused(): never {
  throw new AppError("forbidden", "This is about the whole installation, and your access is limited to some topics.", {
    details: { required: "no scope" },
  });
}

/** Throws `forbidden` if the caller has a scope. For answers that cannot be restricted to topics. */
export function requireNoScope({ deps }: Pick<Ctx, "deps">): void {
  if (deps.scope !== undefined) refused();
}
