import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

export interface BatchStore {
  /**
   * Inserts one recorder batch. A repeat with the same `token` adds nothing to tables and roll-ups. `mayRepeat`: rows
   * may have been inserted under another token; a query of the ledger finds and skips them. Throws `DataFault` if
   * ClickHouse refuses a row's data: then at least one table has no row of the batch.
   */
  insertBatch(input: {
    token: string;
    schedules: readonly Schedule[];
    executions: readonly Execution[];
    mayRepeat?: boolean;
    /** The piece of the batch, if it is inserted in several; each has its own deduplication token. */
    piece?: string;
  }): Promise<void>;
}
