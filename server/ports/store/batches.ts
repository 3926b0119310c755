import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

export interface BatchStore {
  /**
   * One recorder batch. The same `token` twice adds nothing, in the roll-ups too. `mayRepeat`: rows of it may have come
   * in under another token; those are left out, at the price of a look at the ledger. Throws `DataFault` where
   * ClickHouse refuses a row for what is in it: then at least one table has none of the batch.
   */
  insertBatch(input: {
    token: string;
    schedules: readonly Schedule[];
    executions: readonly Execution[];
    mayRepeat?: boolean;
    /** Which piece of the batch this is, where it is inserted in several: each has a deduplication token of its own. */
    piece?: string;
  }): Promise<void>;
}
