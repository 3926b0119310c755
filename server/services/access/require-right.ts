import { AppError } from "~/server/domain/errors";
import type { Ctx, Principal, Right, Role } from "~/server/services/ctx";

const RIGHTS_OF_ROLE: Record<Role, readonly Right[]> = {
  admin: ["read", "write", "admin"],
  operator: ["read", "write"],
  viewer: ["read"],
  service: [],
};

/** The rights of a caller: those of the key for a service, else those of the role. */
export function rightsOf(principal: Principal): readonly Right[] {
  return principal.role === "service" ? (principal.scopes ?? []) : RIGHTS_OF_ROLE[principal.role];
}

/**
 * Answers the caller if it has the right. Each right includes the lower ones.
 * @throws AppError `unauthenticated` without a caller, `forbidden` without the right, `redis_unavailable` where the
 * caller cannot be verified and wants to do more than read.
 */
export function requireRight(ctx: Pick<Ctx, "principal">, right: Right): Principal {
  if (!ctx.principal) throw new AppError("unauthenticated", "Sign in or send an API key.");
  const rights = rightsOf(ctx.principal);
  if (rights.includes(right) || rights.includes("admin") || (right === "read" && rights.includes("write"))) {
    if (ctx.principal.unverified && right !== "read") {
      throw new AppError("redis_unavailable", "Redis does not respond, so nothing can be changed. Try again later.");
    }
    return ctx.principal;
  }
  throw new AppError("forbidden", `This needs the right to ${right === "admin" ? "administer" : right}.`, {
    details: { required: right },
  });
}
