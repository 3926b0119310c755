import { v7 } from "uuid";
import { auditName } from "~/server/domain/audit/audit-name";
import type { Schedule } from "~/server/domain/schedule";
import { ANA, OMAR } from "./people";
import type { Story } from "./story";

/** An audit entry in the form that `writeAudit` stores. */
export interface AuditDocument {
  id: string;
  at: number;
  actorId: string;
  actor: string;
  via: "session" | "api_key" | "kafka_delayed" | "system";
  requestId: string;
  action: string;
  target: string;
  targetName?: string | null;
  note?: string | null;
  before?: unknown;
  after?: unknown;
}

const SYSTEM = "system";

function viaOf(actor: string): AuditDocument["via"] {
  if (actor === SYSTEM) return "system";
  if (actor === "delayed topic") return "kafka_delayed";
  return actor === ANA || actor === OMAR ? "session" : "api_key";
}

/** The demo's audit trail, oldest entry first. */
export function trailOf({ story, schedules }: { story: Story; schedules: readonly Schedule[] }): AuditDocument[] {
  const idOf = (name: string) => {
    const found = schedules.find((schedule) => schedule.name === name);
    if (!found) throw new Error(`The demo has no schedule ${name}`);
    return found.scheduleId;
  };
  const nameOf = (scheduleId: string) => {
    const schedule = schedules.find((one) => one.scheduleId === scheduleId);
    return schedule ? auditName(schedule) : null;
  };
  const entry = (
    at: number,
    actor: string,
    rest: Pick<AuditDocument, "action" | "target" | "note" | "before" | "after">,
  ) =>
    ({
      id: v7({ msecs: at }),
      at,
      actorId: actor === SYSTEM ? SYSTEM : `demo:${actor}`,
      actor,
      via: viaOf(actor),
      requestId: v7({ msecs: at }),
      targetName: nameOf(rest.target),
      ...rest,
    }) satisfies AuditDocument;
  const { busRestart, remindersPaused, pricesPaused, totalsMoved } = story;
  // The breaker of `ops.events` opens first, because one of its schedules fires every minute.
  const breakerOpenedMs = busRestart.from + 70_000;
  const reminders = idOf("billing.payment-reminders");
  const until = new Date(pricesPaused.until).toISOString();
  return [
    ...schedules.map((schedule) =>
      entry(schedule.createdAt, schedule.createdBy, {
        action: "schedule.create",
        target: schedule.scheduleId,
        after: { name: schedule.name, version: 1 },
      }),
    ),
    entry(remindersPaused.from, ANA, {
      action: "schedule.pause",
      target: reminders,
      note: "Wording is checked by legal",
      after: { until: null, missed: null },
    }),
    entry(remindersPaused.to, ANA, {
      action: "schedule.resume",
      target: reminders,
      note: "Legal has agreed",
      after: { until: null, missed: "none" },
    }),
    entry(totalsMoved, OMAR, {
      action: "schedule.edit",
      target: idOf("data.hourly-totals"),
      before: { cronExpression: "0 * * * *", version: 1 },
      after: { cronExpression: "5 * * * *", version: 2 },
    }),
    entry(pricesPaused.from, ANA, {
      action: "schedule.pause",
      target: idOf("catalog.import-prices"),
      note: "The supplier moves its servers, INC-2041",
      after: { until, missed: null },
    }),
    entry(breakerOpenedMs, SYSTEM, {
      action: "breaker.open",
      target: "topic:ops.events",
      after: { failures: 5, error: "Connection refused by the broker" },
    }),
    entry(busRestart.to + 12_000, SYSTEM, {
      action: "breaker.close",
      target: "topic:ops.events",
      after: { openedAt: new Date(breakerOpenedMs).toISOString() },
    }),
    ...story.manualRuns.map((at) =>
      entry(at, ANA, { action: "schedule.execute", target: idOf("billing.ledger-export"), after: {} }),
    ),
  ].sort((a, b) => a.at - b.at);
}
