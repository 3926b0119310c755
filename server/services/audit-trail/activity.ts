import { auditName } from "~/server/domain/audit/audit-name";
import type { AuditEntry } from "~/server/domain/audit/entry";
import { SUCCEEDED } from "~/server/domain/audit/results";
import { AppError } from "~/server/domain/errors";
import { LATEST_MS } from "~/server/domain/instant";
import type { Schedule, Source } from "~/server/domain/schedule";
import type { Page } from "~/server/domain/views";
import { requireRight } from "../access/require-right";
import type { Ctx } from "../ctx";
import { findSchedule } from "../newest-schedules";
import { MASKED } from "../protection/content";
import { iso } from "../schedules/view";
import type { ActivityInput } from "./inputs";
import { type AuditRow, countedPage } from "./list";
import { readAudit } from "./read";

/** An entry may be older than its schedule, because the clocks of two processes differ. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Returns a page of the audit entries of a schedule, newest first. The last page ends with the creation. If the audit
 * trail does not have that entry, it is made from the schedule, unless the schedule has been removed.
 */
export async function scheduleActivity(call: { ctx: Ctx; input: ActivityInput }): Promise<Page<AuditRow>> {
  requireRight(call.ctx, "schedules:read");
  const { deps } = call.ctx;
  const { scheduleId, limit, cursor } = call.input;
  const schedule = await findSchedule(deps, scheduleId);
  if (schedule === null && deps.scope !== undefined) {
    throw new AppError("not_found", `No schedule has the id ${scheduleId}.`);
  }
  const fromMs = schedule === null ? 0 : schedule.createdAt - CLOCK_SKEW_MS;
  const query = { targets: [scheduleId], fromMs, toMs: LATEST_MS, limit, cursor };
  const page = await readAudit(deps, query);
  const lacksCreation = page.nextCursor === null && !page.entries.some(({ verb }) => verb === "schedule.create");
  if (lacksCreation && schedule !== null) page.entries.push(creationOf(schedule));
  return countedPage(deps, { query, page, how: MASKED });
}

const VIA: Record<Source, string> = {
  admin: "session",
  api_request: "api_key",
  code: "code",
  system: "system",
  kafka_delayed: "kafka_delayed",
};

function creationOf(schedule: Schedule): AuditEntry {
  const { scheduleId, source, createdAt, createdBy } = schedule;
  return {
    entryId: `created:${scheduleId}`,
    at: iso(createdAt),
    actor: createdBy,
    actorId: "",
    via: VIA[source],
    client: null,
    address: null,
    requestId: null,
    verb: "schedule.create",
    target: scheduleId,
    targetName: auditName(schedule),
    targets: [],
    job: null,
    result: SUCCEEDED,
    errorCode: null,
    call: null,
    count: 1,
    onBehalfOf: null,
    note: null,
    topic: null,
    before: null,
    after: { version: 1 },
  };
}
