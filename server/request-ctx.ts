import { openContainer } from "~/server/container";
import { openCtx, type Session } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";

/** The context of one web request: the process's container, the caller, the request's id. */
export async function requestCtx(headers: Headers): Promise<{ ctx: Ctx; session: Session | null }> {
  const { deps } = await openContainer("web");
  return openCtx({ deps, headers });
}
