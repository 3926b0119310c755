import type { Ctx } from "~/server/services/ctx";
import { rightsOfHeldRole } from "./directory/role-rights";
import type { User } from "./documents";
import { changeUser } from "./identity/change-user";
import { requireCaller, requireHeldRights } from "./require-right";

/**
 * Changes a user for a caller who manages users, as `changeUser` does. Checks the rights of the user's role under the
 * lock, because the user may have got another role.
 * @throws AppError `forbidden` for a user with rights that the caller lacks; the errors of `changeUser`
 */
export function changeManagedUser(
  ctx: Ctx,
  userId: string,
  next: (user: User) => User | Promise<User>,
): ReturnType<typeof changeUser> {
  const principal = requireCaller(ctx);
  return changeUser(ctx.deps, userId, async (current) => {
    requireHeldRights(principal, await rightsOfHeldRole(ctx, current.role));
    return next(current);
  });
}
