import type { Deps } from "~/server/services/ctx";
import { restoreCopy } from "~/server/services/documents/restore";
import { TOPIC_SCHEMAS } from "./stored";

/** Restores saved payload schemas from ClickHouse to Redis. Throws `clickhouse_unavailable`. */
export async function restoreTopicSchemas({
  deps,
}: {
  deps: Pick<Deps, "hot" | "store" | "log" | "topicSchemas">;
}): Promise<void> {
  await restoreCopy(deps, TOPIC_SCHEMAS);
  await deps.topicSchemas.refresh();
}
