import { closeContainer, openContainer } from "./container";
import { AppError } from "./domain/errors";
import { encodeEventMessage } from "./domain/event-message";
import { eventId, newScheduleId } from "./domain/ids";
import type { Stats } from "./domain/views";
import type { Ctx, Principal } from "./services/ctx";
import { getStats } from "./services/monitoring";
import { createSchedule, deleteSchedule } from "./services/schedules";
import type { CreateScheduleInput } from "./services/schedules/inputs";

/*
 * Programmatic use (contract §4), for code that runs beside Redis and ClickHouse rather than over REST. The caller is
 * trusted: it acts with every right, and what it makes says `source: code`.
 */

const CODE_PRINCIPAL: Principal = { id: "code", email: null, name: "code", role: "admin", via: "code" };

/** An anonymous delayed event. */
export interface DelayedEventRequest {
  topic: string;
  entityType: string;
  action: string;
  body?: string | Record<string, unknown>;
  payload?: Record<string, unknown>;
  scheduledAt: Date | string;
  entityId?: string;
  correlationId?: string;
  headers?: Record<string, string>;
  priority?: number;
}

/** What an event is, for named schedules. */
export interface EventDefinition {
  topic?: string;
  entityType: string;
  action: string;
}

/** A named schedule, once or by cron. */
export interface NamedScheduleRequest {
  name: string;
  event: EventDefinition;
  payload: Record<string, unknown>;
  entityId?: string;
  cronExpression?: string;
  executionTime?: Date | string;
  description?: string;
  tags?: string[];
  timezone?: string;
}

async function ctx(): Promise<Ctx> {
  const { deps } = await openContainer("code");
  return { deps, principal: CODE_PRINCIPAL, requestId: newScheduleId() };
}

const isoOf = (time: Date | string) => (typeof time === "string" ? time : time.toISOString());

function inputOf(request: DelayedEventRequest | NamedScheduleRequest): CreateScheduleInput {
  if ("event" in request) {
    const { event, executionTime, ...rest } = request;
    return { ...rest, ...event, ...(executionTime ? { executionTime: isoOf(executionTime) } : {}) };
  }
  const { body, scheduledAt, ...rest } = request;
  const content = typeof body === "string" ? { body } : body === undefined ? {} : { payload: body };
  return { ...rest, ...content, executionTime: isoOf(scheduledAt) };
}

export const schedulerService = {
  /** Connects to the stores. Called by the first use as well. */
  async start(): Promise<void> {
    await openContainer("code");
  },
  /** Ends the connections. */
  stop: closeContainer,
  /** Schedules an event and answers its schedule id. Throws `AppError` as REST would answer. */
  async scheduleEvent(request: DelayedEventRequest | NamedScheduleRequest): Promise<string> {
    const { schedule } = await createSchedule({ ctx: await ctx(), input: inputOf(request) });
    return schedule.scheduleId;
  },
  /** Cancels a schedule; false when there is none with this id any more. */
  async cancelEvent(scheduleId: string): Promise<boolean> {
    try {
      await deleteSchedule({ ctx: await ctx(), input: { scheduleId } });
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return false;
      throw error;
    }
  },
  async getStats(): Promise<Stats> {
    return getStats({ ctx: await ctx() });
  },
};

export const eventBus = {
  /** Publishes at once. Throws when the bus does not acknowledge it. */
  async publish(request: Omit<DelayedEventRequest, "scheduledAt" | "priority">): Promise<{ eventId: string }> {
    const { deps } = await ctx();
    const id = eventId(newScheduleId());
    const body = request.payload ?? request.body ?? {};
    const message = encodeEventMessage({
      schedule: {
        scheduleId: "",
        topic: request.topic,
        entityType: request.entityType,
        entityId: request.entityId ?? null,
        action: request.action,
        actorType: "system",
        actorId: "code",
        payload: typeof body === "string" ? body : JSON.stringify(body),
        rawValue: false,
        headers: request.headers ?? {},
        correlationId: request.correlationId ?? id,
      },
      occurrence: {
        eventId: id,
        executionId: "",
        scheduledForMs: deps.clock.now(),
        attempt: 1,
        timestampMs: deps.clock.now(),
      },
    });
    const [result] = (await deps.bus?.publish([message])) ?? [];
    if (!result?.ok) throw new AppError("bus_unavailable", result?.message ?? "There is no bus.");
    return { eventId: id };
  },
  /** Publishes after `delaySeconds`; answers the schedule id. */
  async publishWithDelay(
    request: Omit<DelayedEventRequest, "scheduledAt"> & { delaySeconds: number },
  ): Promise<string> {
    const { delaySeconds, ...rest } = request;
    const { deps } = await ctx();
    return schedulerService.scheduleEvent({ ...rest, scheduledAt: new Date(deps.clock.now() + delaySeconds * 1000) });
  },
};
