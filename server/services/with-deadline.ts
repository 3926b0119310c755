import type { Ctx, Deps } from "./ctx";
import type { Deadline } from "./deadline";

/** Returns dependencies whose store reads are cancelled at the deadline. */
export function withDeadline(deps: Deps, deadline: Deadline): Deps {
  return { ...deps, store: deps.store.within(() => deadline.reads) };
}

/** Removes the deadline for calls that may read everything. */
export function withoutDeadline({ deadline: _, ...ctx }: Ctx): Ctx {
  return { ...ctx, deps: { ...ctx.deps, store: ctx.deps.store.shared } };
}
