import { AUDIT_EXPORT } from "~/server/domain/export/tables";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { exportRows } from "../export/export-rows";
import { shownEntries } from "../protection/audit-entries";
import type { ExportAuditInput } from "./inputs";
import { revealAudit } from "./list";
import { auditFilter, readAudit } from "./read";

const MAX_PAGE = 10_000;

/** Yields the matching audit entries, newest first, as text in the requested format. */
export async function* exportAudit(call: { ctx: Ctx; input: ExportAuditInput }): AsyncGenerator<string> {
  requireRight(call.ctx, "audit:read");
  const { format, zone, reveal, ...conditions } = call.input;
  const filter = auditFilter(conditions);
  const how = await revealAudit(call.ctx, reveal, conditions);
  yield* exportRows({
    table: AUDIT_EXPORT,
    format,
    zone,
    maxPage: MAX_PAGE,
    rowId: ({ entryId }) => entryId,
    read: async (page) => {
      const { entries, nextCursor } = await readAudit(call.ctx.deps, { ...filter, ...page });
      return { items: await shownEntries(call.ctx.deps, entries, how), nextCursor };
    },
  });
}
