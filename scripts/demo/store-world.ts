import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Store } from "~/server/ports/store/store";
import type { World } from "./world";

const ROWS_PER_INSERT = 10_000;

export async function storeWorld(store: Store, { schedules, executions, audit }: World): Promise<void> {
  await store.insertBatch({ token: "demo:schedules", schedules, executions: [] });
  for (let from = 0; from < executions.length; from += ROWS_PER_INSERT) {
    const batch = executions.slice(from, from + ROWS_PER_INSERT);
    await store.insertBatch({ token: `demo:executions:${from}`, schedules: [], executions: batch });
  }
  const rows = audit.map((document) => ({
    key: document.id,
    json: JSON.stringify(document),
    version: document.at,
    deleted: false,
  }));
  await store.insertDocuments({ token: "demo:audit", kind: DOCUMENT_KIND.auditEntry, rows });
}
