import { AppError } from "~/server/domain/errors";
import { fitsScope, isBuiltIn, isReading, RIGHTS_OF_ROLE, type Right } from "~/server/domain/rights";
import type { Ctx, Deps } from "~/server/services/ctx";
import type { Principal } from "~/server/services/principal";

/**
 * The rights of a caller: those of the API key, or those of the user's role. A caller with a scope has only rights
 * about objects with a topic.
 */
export function rightsOf({ role, rights, scope }: Pick<Principal, "role" | "rights" | "scope">): readonly Right[] {
  const held = isBuiltIn(role) ? RIGHTS_OF_ROLE[role] : (rights ?? []);
  return scope === undefined ? held : held.filter(fitsScope);
}

/** Throws `unauthenticated` without a caller. */
export function requireCaller(ctx: Pick<Ctx, "principal">): Principal {
  if (!ctx.principal) throw new AppError("unauthenticated", "Sign in or send an API key.");
  return ctx.principal;
}

type RightCtx = Pick<Ctx, "principal"> & { deps: Pick<Deps, "scope"> };

/**
 * Returns the signed-in user, also one who must set up a second factor first.
 * @throws AppError `unauthenticated`; `forbidden` for an API key
 */
export function requireUser(ctx: Pick<Ctx, "principal" | "enrolling">): Principal {
  const principal = ctx.enrolling ?? requireCaller(ctx);
  if (principal.via !== "session") throw new AppError("forbidden", "Only a signed-in user has an account.");
  return principal;
}

/**
 * Returns the caller if it has the right or one of the rights.
 * @throws AppError `unauthenticated` without a caller; `forbidden` without the right; `redis_unavailable` for a right
 * to change something while the caller's session cannot be verified
 */
export function requireRight(ctx: RightCtx, right: Right | readonly Right[]): Principal {
  const principal = requireCaller(ctx);
  requireScopedDeps(ctx, principal);
  const accepted = typeof right === "string" ? [right] : right;
  const held = rightsOf(principal);
  if (!accepted.some((one) => held.includes(one))) {
    throw new AppError("forbidden", `This requires the right ${accepted.join(" or ")}.`, {
      details: { required: accepted.join(" or ") },
    });
  }
  if (principal.unverified && !accepted.every(isReading)) {
    throw new AppError("redis_unavailable", "Redis does not respond, so nothing can be changed. Try again later.");
  }
  return principal;
}

/** A caller with a scope never works on stores that do not apply it, whatever created the call's context. */
function requireScopedDeps({ deps }: RightCtx, { scope }: Principal): void {
  if (scope === deps.scope) return;
  throw new Error("The stores of this call do not apply the scope of its caller.");
}

/**
 * Refuses a signed-in user who would change their own password or second factor without confirming the current one.
 * @throws AppError `conflict`
 */
export function requireOther({ id, via }: Principal, userId: string): void {
  if (via !== "session" || id !== userId) return;
  throw new AppError(
    "conflict",
    "This is your own account. Change your password and second factor on the Account page.",
  );
}

/**
 * Refuses a caller who lacks one of the rights. Call this before granting rights, or changing a user or key that has
 * them. Otherwise `keys:edit` or `users:edit` alone would give access to everything.
 * @throws AppError `forbidden`
 */
export function requireHeldRights(principal: Principal, rights: readonly Right[]): void {
  const held = rightsOf(principal);
  const missing = rights.filter((right) => !held.includes(right));
  if (missing.length === 0) return;
  throw new AppError("forbidden", `You can manage only rights that you have. You lack ${missing.join(", ")}.`, {
    details: { required: missing.join(" and ") },
  });
}
