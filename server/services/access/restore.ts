import type { Deps } from "~/server/services/ctx";
import { AccessDocument, countUsers } from "./documents";
import { accessKeys } from "./keys";

/**
 * Loads accounts and API keys from ClickHouse when Redis has none: after a wiped Redis nobody is locked out, and
 * `/setup` does not open again. Sessions are not kept. Answers how many documents were loaded.
 * @throws AppError `clickhouse_unavailable`.
 */
export async function restoreAccess({
  deps,
}: {
  deps: Pick<Deps, "redis" | "hot" | "store" | "facts">;
}): Promise<number> {
  if ((await countUsers(deps)) > 0) return 0;
  const rows = await deps.store.documents("u");
  const keys = accessKeys(deps.facts.prefix);
  const write = deps.redis.multi();
  let restored = 0;
  for (const row of rows) {
    if (row.deleted) continue;
    const document = AccessDocument.parse(JSON.parse(row.json));
    if (document.deleted) continue;
    restored += 1;
    // NX throughout: whoever wrote since the count has the newer one.
    if (document.type === "user") {
      write.hsetnx(keys.users, document.value.id, JSON.stringify(document.value));
      write.hsetnx(keys.emails, document.value.email, document.value.id);
    } else {
      write.hsetnx(keys.apiKeys, document.value.id, JSON.stringify(document.value));
      write.hsetnx(keys.apiKeyHashes, document.value.hash, document.value.id);
    }
  }
  if (restored > 0) await write.exec();
  return restored;
}
