import { IN_FLIGHT_EXPORT } from "~/server/domain/export/tables";
import type { Ctx } from "../ctx";
import { exportRows, pagesOf } from "../export/export-rows";
import { listInFlight, SEARCH_LIMIT } from "./in-flight";
import type { ExportInFlightInput } from "./inputs";

/** Yields the matching executions in flight, in the order of the list, as text in the requested format. */
export async function* exportInFlight(call: { ctx: Ctx; input: ExportInFlightInput }): AsyncGenerator<string> {
  const { format, zone, ...filter } = call.input;
  // Read all at once, because executions that end meanwhile would shift later pages.
  const list = await listInFlight({ ctx: call.ctx, input: { ...filter, limit: SEARCH_LIMIT } });
  yield* exportRows({
    table: IN_FLIGHT_EXPORT,
    format,
    zone,
    rowId: ({ executionId }) => executionId,
    read: pagesOf(list),
  });
}
