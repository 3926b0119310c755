import type { Pages } from "@stufio/schedules-client";
import type { Command } from "commander";
import { numberIn } from "./command.js";
import type { Context } from "./context.js";
import type { Column } from "./output/table.js";

export interface LimitOptions {
  limit: number;
  all?: boolean;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000_000;

export function addLimitOptions(command: Command): Command {
  return command
    .option("--limit <n>", `number of rows, ${DEFAULT_LIMIT} by default`, numberIn(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option("--all", "all rows");
}

/** The size of a page for so many rows. */
export const pageSize = ({ limit, all }: LimitOptions, max: number) => (all ? max : Math.min(limit, max));

/** Prints the first `limit` rows of a list, or all rows. A note says if there are more. */
export async function printPages<Row>(
  context: Context,
  list: Pages<Row>,
  options: LimitOptions & { columns: readonly Column<Row>[]; empty: string },
): Promise<void> {
  let hasMore = false;
  async function* limited() {
    let count = 0;
    for await (const row of list) {
      if (options.all !== true && count >= options.limit) {
        hasMore = true;
        return;
      }
      count += 1;
      yield row;
    }
  }
  await context.print.rows(limited(), options.columns, { empty: options.empty });
  if (hasMore) context.note("There are more rows: use --limit or --all.");
}
