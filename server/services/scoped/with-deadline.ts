import type { Ctx, Deps } from "../ctx";
import type { Deadline } from "../deadline";
import { unscopedDeps } from "../scope";
import { scopedDeps } from "./scoped-deps";

/** Returns dependencies whose store reads are cancelled at the deadline. */
export function withDeadline(deps: Deps, deadline: Deadline): Deps {
  return { ...deps, store: deps.store.within(() => deadline.reads) };
}

/** Removes the deadline for calls that may read everything. */
export function withoutDeadline({ deadline: _, ...ctx }: Ctx): Ctx {
  const { scope } = ctx.deps;
  const deps = unscopedDeps(ctx.deps);
  const patient = { ...deps, store: deps.store.shared };
  return { ...ctx, deps: scope === undefined ? patient : scopedDeps(patient, scope) };
}
