import { IN_FLIGHT_EXPORT } from "~/server/domain/export/tables";
import type { Ctx } from "../ctx";
import { exportRows, pagesOf } from "../export/export-rows";
import { listInFlight, SEARCHED } from "./in-flight";
import type { ExportInFlightInput } from "./inputs";

/** Yields the executions in flight that match, in the order of the list, as text of the format. */
export async function* exportInFlight(call: { ctx: Ctx; input: ExportInFlightInput }): AsyncGenerator<string> {
  const { format, zone, ...filter } = call.input;
  // Read as a whole, because an execution that ends or moves to another state would shift the pages.
  const list = await listInFlight({ ctx: call.ctx, input: { ...filter, limit: SEARCHED } });
  yield* exportRows({
    table: IN_FLIGHT_EXPORT,
    format,
    zone,
    rowId: ({ executionId }) => executionId,
    read: pagesOf(list),
  });
}
