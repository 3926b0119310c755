import { openBundled } from "~/server/adapters/tz/bundled";
import { AppError, fieldError } from "~/server/domain/errors";
import { keepPayloadTexts } from "~/server/domain/json-text";
import { parseInput } from "~/server/domain/parse";
import { loadZones } from "~/server/domain/recurrence";
import { hasZones, isKnownZone, unknownZoneFault } from "~/server/domain/recurrence/zone";
import { ScheduleInput } from "~/server/domain/schedule";
import { fromWire, toWire } from "~/server/domain/wire";
import { staleVersion } from "~/server/services/schedules/current";
import { ListSchedulesInput, PreviewScheduleInput, ToggleScheduleInput } from "~/server/services/schedules/inputs";
import { scheduleQuery } from "~/server/services/schedules/list";
import { compareBy, matchesQuery } from "~/server/services/schedules/match";
import { previewOf } from "~/server/services/schedules/preview";
import type { ScheduleListItem, Schemas } from "../client.js";
import { definitionOf, isoOf, scheduledDefinition } from "../definition.js";
import { SchedulesError } from "../errors.js";
import { stringifyJson } from "../json.js";
import { type Page, pages } from "../pages.js";
import { matches, requireEvents } from "./expectations";
import { createFaults } from "./failures";
import { createSimulation, type Simulation } from "./simulation";
import { msOf } from "./times";
import type * as Types from "./types";
import type { FiredEvent, TestScheduler, TestSchedulerOptions, Time } from "./types";
import { failedView, firedView, listItemView, scheduleView, unfiredView } from "./views";

export type {
  EventFilter,
  ExpectedEvent,
  FailedAttempt,
  FiredEvent,
  PublishFault,
  TestScheduler,
  TestSchedulerOptions,
  Time,
  UnfiredFilter,
  UnfiredOccurrence,
} from "./types";

/** Maximum number of decisions in one call. Ends a simulation that would run forever. */
const MAX_STEPS = 100_000;
const YEAR_MS = 366 * 86_400_000;

export const createTestScheduler: typeof Types.createTestScheduler = (options = {}) => {
  if (!hasZones()) loadZones(openBundled());
  const faults = createFaults();
  const { nowMs, timezone } = asClient(() => startOf(options));
  const simulation = createSimulation({ nowMs, timezone, nextFailure: faults.next });
  const events: FiredEvent[] = [];

  /**
   * Decides all occurrences and ends of pauses that are due by `untilMs`; stops earlier if `isLast` accepts an event.
   * Returns copies of the published events. Throws after `MAX_STEPS` decisions.
   */
  function runTo(untilMs: number, isLast: (event: FiredEvent) => boolean = () => false): FiredEvent[] {
    const from = events.length;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const fired = simulation.step(untilMs);
      if (fired === "end") return structuredClone(events.slice(from));
      if (fired === null) continue;
      const event = firedView(fired);
      events.push(event);
      if (isLast(event)) return structuredClone(events.slice(from));
    }
    const [by, published] = [isoText(simulation.now()), events.length - from];
    throw new Error(
      `One call may make ${MAX_STEPS} decisions, and reached that limit at ${by} with ${published} ` +
        "published events. Advance in shorter spans.",
    );
  }

  /** The given time, which must not be before the clock's. */
  function futureMs(time: Time, field: "time" | "before"): number {
    const ms = msOf(time, field);
    if (ms >= simulation.now()) return ms;
    const message = `is ${isoText(ms)}, before the clock's time`;
    const expected = `${isoText(simulation.now())} or later`;
    throw fieldError("validation_failed", { field, message, expected });
  }

  /** Makes a change, then decides the occurrences that are due now. */
  function change<T>(make: (at: Simulation) => T): T {
    return asClient(() => {
      const result = make(simulation);
      runTo(simulation.now());
      return result;
    });
  }

  function toggle(id: string, body: Record<string, unknown>) {
    const input = parseInput(ToggleScheduleInput, wireBody({ schedule_id: id, ...body }));
    change((at) => (input.enabled ? at.resume(id, input.missed) : at.pause(id, input)));
    return scheduleView(simulation.get(id));
  }

  const requireVersion = (id: string, expected: number | undefined) => {
    const { version } = simulation.get(id);
    if (expected !== undefined && expected !== version) throw staleVersion(expected, version);
  };

  const { once } = createAnswers();
  const schedules: TestScheduler["schedules"] = {
    create: async (definition, call) =>
      once(["create", call?.idempotencyKey, definition], () => {
        const { scheduleId } = change((at) => at.create(parseInput(ScheduleInput, wireBody(definition))));
        return { ...scheduleView(simulation.get(scheduleId)), durable: "memory" as const };
      }),
    get: async (id) => asClient(() => scheduleView(simulation.get(id))),
    list: (filter = {}) => pages(filter, async (query) => asClient(() => pageOf(query))),
    update: async (id, fields, call) => {
      change((at) => {
        requireVersion(id, call?.ifVersion);
        at.update(id, parseInput(ScheduleInput, wireBody(fields)));
      });
      return scheduleView(simulation.get(id));
    },
    delete: async (id, call) =>
      once([`delete ${id}`, call?.idempotencyKey, call?.ifVersion], () => {
        change((at) => {
          requireVersion(id, call?.ifVersion);
          at.delete(id);
        });
      }),
    pause: async (id, why = {}, call) => {
      const body = { enabled: false, note: why.note, until: isoOf(why.until) };
      return once([`toggle ${id}`, call?.idempotencyKey, body], () => toggle(id, body));
    },
    resume: async (id, how = {}, call) => {
      const body = { enabled: true, missed: how.missed };
      return once([`toggle ${id}`, call?.idempotencyKey, body], () => toggle(id, body));
    },
    preview: async (cron) =>
      asClient(() => {
        const input = parseInput(PreviewScheduleInput, wireBody(cron));
        return toWire(previewOf(input, { nowMs: simulation.now(), timezone })) as Schemas["SchedulePreview"];
      }),
    runNow: async (id, call) => once([`run ${id}`, call?.idempotencyKey, null], () => change((at) => at.runNow(id))),
  };

  /** A page of schedules. The cursor is the id of the last schedule on the previous page. */
  function pageOf(filter: object): Page<ScheduleListItem> {
    const { limit, cursor, ...rest } = parseInput(ListSchedulesInput, wireBody(filter));
    const query = { ...scheduleQuery(rest, simulation.now()), limit };
    const found = simulation.all().filter((schedule) => matchesQuery(schedule, query));
    found.sort(compareBy(query));
    const before = cursor === undefined ? -1 : found.findIndex(({ scheduleId }) => scheduleId === cursor);
    if (cursor !== undefined && before === -1) throw new AppError("cursor_invalid", "The cursor is not of this list.");
    const items = found.slice(before + 1, before + 1 + limit);
    const isLast = before + 1 + limit >= found.length;
    return {
      items: items.map(listItemView),
      next_cursor: isLast ? null : (items.at(-1)?.scheduleId ?? null),
      total: found.length,
      total_is_exact: true,
    };
  }

  const publishWithDelay: TestScheduler["publishWithDelay"] = async (event, call) => {
    const at = isoText(simulation.now() + event.delaySeconds * 1000);
    return (await schedules.create(definitionOf(event, at), call)).schedule_id;
  };

  return {
    schedules,
    scheduleEvent: async (event, call) => (await schedules.create(scheduledDefinition(event), call)).schedule_id,
    publish: (event, call) => publishWithDelay({ ...event, delaySeconds: 0 }, call),
    publishWithDelay,
    cancelEvent: async (id, call) => {
      try {
        await schedules.delete(id, call);
        return true;
      } catch (error) {
        if (error instanceof SchedulesError && error.code === "not_found") return false;
        throw error;
      }
    },
    now: () => new Date(simulation.now()),
    advanceTo: (time) => asClient(() => runTo(futureMs(time, "time"))),
    runUntil: (condition, { before } = {}) =>
      asClient(() => {
        const untilMs = before === undefined ? simulation.now() + YEAR_MS : futureMs(before, "before");
        const found = runTo(untilMs, condition);
        const last = found.at(-1);
        if (last !== undefined && condition(last)) return found;
        throw new Error(`None of the ${found.length} events until ${isoText(untilMs)} met the condition`);
      }),
    fired: (filter = {}) => structuredClone(events.filter((event) => matches(event, filter))),
    unfired: (filter = {}) =>
      simulation
        .unfired()
        .map(unfiredView)
        .filter((one) => matches(one, filter)),
    failPublishing: (fault = {}) => asClient(() => faults.add(fault)),
    failedAttempts: (filter = {}) =>
      simulation
        .failed()
        .map(failedView)
        .filter((one) => matches(one, filter)),
    expectFired: (expected, filter = {}) =>
      asClient(() =>
        requireEvents(
          events.filter((event) => matches(event, filter)),
          expected,
        ),
      ),
  };
};

function startOf({ now, timezone = "UTC" }: TestSchedulerOptions): { nowMs: number; timezone: string } {
  if (!isKnownZone(timezone)) throw fieldError("timezone_unknown", unknownZoneFault(timezone));
  return { nowMs: now === undefined ? Date.now() : msOf(now, "now"), timezone };
}

const isoText = (ms: number) => new Date(ms).toISOString();

/** Parses a body like the server, which keeps payloads as text. */
function wireBody(value: object): Record<string, unknown> {
  const text = stringifyJson(value);
  const body = fromWire(JSON.parse(text)) as Record<string, unknown>;
  keepPayloadTexts(body, text);
  return body;
}

/** Stores the answers of calls that have an idempotency key. */
function createAnswers() {
  const answers = new Map<string, { request: string; answer: unknown }>();
  return {
    once<T>([call, key, request]: readonly [string, string | undefined, unknown], run: () => T): T {
      if (key === undefined) return asClient(run);
      const text = stringifyJson(request ?? null);
      const known = answers.get(`${call} ${key}`);
      if (known?.request === text) return structuredClone(known.answer as T);
      if (known !== undefined) {
        const message = "This Idempotency-Key was used for another request.";
        return asClient(() => {
          throw new AppError("idempotency_key_reused", message);
        });
      }
      const answer = asClient(run);
      answers.set(`${call} ${key}`, { request: text, answer: structuredClone(answer) });
      return answer;
    },
  };
}

/** Converts errors of the product to errors of the client. */
function asClient<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, status, message, faults, details } = error;
    const problem = { code, status, detail: message, errors: faults, ...(toWire(details) as object) };
    throw new SchedulesError({ code: code as SchedulesError["code"], message, status, problem, cause: error });
  }
}
