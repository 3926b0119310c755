import { z } from "zod";
import { closeContainer, openContainer } from "./container";
import { AppError } from "./domain/errors";
import { encodeEventMessage } from "./domain/event-message";
import { eventId } from "./domain/ids";
import { parseInput } from "./domain/parse";
import { ScheduleInput } from "./domain/schedule";
import type { Stats } from "./domain/views";
import { newScheduleId } from "./new-schedule-id";
import type { Ctx } from "./services/ctx";
import { getStats } from "./services/monitoring";
import type { Principal } from "./services/principal";
import { recordRefusal } from "./services/refusals";
import { CreateScheduleInput, createSchedule, DeleteScheduleInput, deleteSchedule } from "./services/schedules";
import { payloadText } from "./services/schedules/payload-text";

/*
 * Programmatic use (contract §4). The caller has every right, and its schedules have `source: code`.
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

/** The event of a named schedule. */
export interface EventDefinition {
  topic?: string;
  entityType: string;
  action: string;
}

/** A named schedule: one-time with `executionTime`, or recurring with `cronExpression`. */
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

const PublishedEvent = ScheduleInput.pick({
  topic: true,
  entityType: true,
  entityId: true,
  action: true,
  payload: true,
  body: true,
  headers: true,
  correlationId: true,
}).required({ topic: true, entityType: true, action: true });

/** Checks only that `event` is an object. Its fields are validated with the schedule. */
const NamedEvent = z.object({ event: z.record(z.string(), z.unknown()) });

/** Makes a call, and records it in the audit trail if it is refused. */
async function recorded<T>(call: string, input: unknown, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const caller = await ctx();
  try {
    return await work(caller);
  } catch (error) {
    if (error instanceof AppError) recordRefusal(caller, { call, changes: true, input, error });
    throw error;
  }
}

async function ctx(): Promise<Ctx> {
  const { deps } = await openContainer("code");
  return { deps, principal: CODE_PRINCIPAL, requestId: newScheduleId() };
}

/** Converts a valid date to text. The schema refuses anything else. */
const timeOf = (time: unknown) => (time instanceof Date && !Number.isNaN(time.getTime()) ? time.toISOString() : time);

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Validates with the schema of REST and tRPC. */
function inputOf(request: DelayedEventRequest | NamedScheduleRequest): CreateScheduleInput {
  // JavaScript callers are not bound by the types.
  if (!isObject(request)) return parseInput(CreateScheduleInput, request);
  if ("event" in request) {
    const { event, executionTime, ...rest } = request;
    const named = parseInput(NamedEvent, { event }).event;
    const time = executionTime === undefined ? {} : { executionTime: timeOf(executionTime) };
    return parseInput(CreateScheduleInput, { ...rest, ...named, ...time });
  }
  const { body, scheduledAt, ...rest } = request;
  return parseInput(CreateScheduleInput, { ...rest, ...contentOf(body), executionTime: timeOf(scheduledAt ?? null) });
}

function contentOf(body: DelayedEventRequest["body"]): Pick<DelayedEventRequest, "body" | "payload"> {
  if (typeof body === "string") return { body };
  return body === undefined ? {} : { payload: body };
}

export const schedulerService = {
  /** Connects to the stores. Other calls connect on first use. */
  async start(): Promise<void> {
    await openContainer("code");
  },
  /** Closes the connections. */
  stop: closeContainer,
  /** Schedules an event and returns its schedule id. Throws the same `AppError` as REST. */
  async scheduleEvent(request: DelayedEventRequest | NamedScheduleRequest): Promise<string> {
    const input = inputOf(request);
    return recorded("code.scheduleEvent", input, async (caller) => {
      const { schedule } = await createSchedule({ ctx: caller, input });
      return schedule.scheduleId;
    });
  },
  /** Cancels a schedule. Returns false if it does not exist. */
  async cancelEvent(scheduleId: string): Promise<boolean> {
    try {
      const input = parseInput(DeleteScheduleInput, { scheduleId });
      return await recorded("code.cancelEvent", input, async (caller) => {
        await deleteSchedule({ ctx: caller, input });
        return true;
      });
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
  /**
   * Publishes an event at once, without a schedule. Throws `bus_unavailable` if this process has no bus or the bus does
   * not acknowledge the event, and the `AppError` of a create for an invalid event.
   */
  async publish(request: Omit<DelayedEventRequest, "scheduledAt" | "priority">): Promise<{ eventId: string }> {
    const { body, ...rest } = isObject(request) ? request : parseInput(PublishedEvent, request);
    const event = parseInput(PublishedEvent, { ...rest, ...contentOf(body) });
    const payload = payloadText(event);
    const { deps } = await ctx();
    const id = eventId(newScheduleId());
    const message = encodeEventMessage({
      schedule: {
        scheduleId: "",
        topic: event.topic,
        entityType: event.entityType,
        entityId: event.entityId ?? null,
        action: event.action,
        actorType: "system",
        actorId: "code",
        payload,
        rawValue: false,
        headers: event.headers ?? {},
        correlationId: event.correlationId ?? id,
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
    if (!result?.ok)
      throw new AppError("bus_unavailable", result?.message ?? "Could not publish: this process has no bus.");
    return { eventId: id };
  },
  /** Publishes an event after `delaySeconds`. Returns the schedule id. */
  async publishWithDelay(
    request: Omit<DelayedEventRequest, "scheduledAt"> & { delaySeconds: number },
  ): Promise<string> {
    const { delaySeconds, ...rest } = request;
    const { deps } = await ctx();
    return schedulerService.scheduleEvent({ ...rest, scheduledAt: new Date(deps.clock.now() + delaySeconds * 1000) });
  },
};
