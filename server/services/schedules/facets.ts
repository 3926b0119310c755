import type { Store } from "~/server/adapters/clickhouse/store-types";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";

/** The values that the list can be narrowed by, with counts. */
export async function scheduleFacets(call: { ctx: Ctx }): Promise<Awaited<ReturnType<Store["facets"]>>> {
  requireRight(call.ctx, "read");
  return call.ctx.deps.store.facets();
}
