import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

export interface BatchStore {
  /**
   * Inserts one recorder batch. A repeat with the same `token` adds no rows. `mayRepeat`: finds and skips executions
   * that were inserted under another token. Throws `DataFault` if ClickHouse refuses a row's data; at least one table
   * then has no row of the batch.
   */
  insertBatch(input: {
    token: string;
    schedules: readonly Schedule[];
    executions: readonly Execution[];
    mayRepeat?: boolean;
    /** Distinguishes the pieces of a batch that is inserted in several pieces, each with its own token. */
    piece?: string;
  }): Promise<void>;
}
