import { openContainer } from "~/server/container";
import type { Session } from "~/server/domain/session";
import { openCtx } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import type { Deadline } from "~/server/services/deadline";
import { withDeadline } from "~/server/services/scoped/with-deadline";

/** Creates the context of one web request. */
export async function requestCtx(
  headers: Headers,
  deadline?: Deadline,
): Promise<{ ctx: Ctx; session: Session | null }> {
  const { deps } = await openContainer("web");
  if (deadline === undefined) return openCtx({ deps, headers });
  const { ctx, session } = await openCtx({ deps: withDeadline(deps, deadline), headers });
  return { ctx: { ...ctx, deadline }, session };
}
