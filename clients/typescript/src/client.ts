import createFetchClient from "openapi-fetch";
import { type DelayedEvent, definitionOf, isoOf, type NamedEvent, scheduledDefinition } from "./definition.js";
import { errorOf, SchedulesError } from "./errors.js";
import { stringifyJson } from "./json.js";
import { pages } from "./pages.js";
import { createRetryingFetch, pause } from "./retrying-fetch.js";
import type { components, operations, paths } from "./schema.js";

/** The objects of the API, by their name in the OpenAPI document. */
export type Schemas = components["schemas"];
export type ScheduleDefinition = Schemas["ScheduleDefinition"];
export type Schedule = Schemas["Schedule"];
export type ScheduleListItem = Schemas["ScheduleListItem"];
export type Execution = Schemas["Execution"];
export type ExecutionRow = Schemas["ExecutionRow"];
export type SchedulePreview = Schemas["SchedulePreview"];
export type Stats = Schemas["Stats"];
type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["query"]>;
export type ScheduleFilter = QueryOf<"listSchedules">;
export type ExecutionFilter = QueryOf<"listExecutions">;

export interface ClientOptions {
  /** The address of the installation, such as `https://schedules.example.org`. */
  url: string;
  /** A key of Settings > API keys, or `ADMIN_API_KEY`. */
  apiKey: string;
  /** The most repeats of a call; 4 by default. The README says which failures are repeated. */
  retries?: number;
  /** The longest time of one attempt, ms; 15,000 by default. */
  timeoutMs?: number;
  /** The longest random pause before the first repeat, ms; 250 by default. A `Retry-After` is added to it. */
  retryDelayMs?: number;
  fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
}
export interface ChangeOptions extends CallOptions {
  /**
   * A repeat of the same request with the same key within 24 hours changes nothing and returns the first answer. A
   * different request with the key is refused with `idempotency_key_reused`. By default each call has a random key,
   * which only the client's own repeats of that call share.
   */
  idempotencyKey?: string;
}
export interface VersionOptions extends CallOptions {
  /** Changes the schedule only if it still has this version; otherwise the call fails with `version_stale`. */
  ifVersion?: number;
}

/** A client of one installation. Its calls throw `SchedulesError`, or the reason of an aborted signal. */
export function createSchedulesClient(options: ClientOptions) {
  const send = createRetryingFetch({
    retries: options.retries ?? 4,
    timeoutMs: options.timeoutMs ?? 15_000,
    retryDelayMs: options.retryDelayMs ?? 250,
    fetch: options.fetch ?? globalThis.fetch,
  });
  const api = createFetchClient<paths>({
    baseUrl: options.url.replace(/\/+$/, ""),
    headers: { authorization: `Bearer ${options.apiKey}` },
    fetch: send,
    bodySerializer: stringifyJson,
  });
  const keyed = ({ idempotencyKey }: ChangeOptions = {}) => ({
    "Idempotency-Key": idempotencyKey ?? globalThis.crypto.randomUUID(),
  });
  const ifMatch = ({ ifVersion }: VersionOptions = {}) =>
    ifVersion === undefined ? {} : { "If-Match": `"${ifVersion}"` };
  const idOf = (id: string) => ({ path: { id } });

  const schedules = {
    /** Creates a schedule: once at `execution_time`, or by `cron_expression`. */
    create: async (definition: ScheduleDefinition, call?: ChangeOptions) =>
      dataOf(
        await api.POST("/admin/schedules", {
          body: definition,
          params: { header: keyed(call) },
          signal: call?.signal,
        }),
      ),
    get: async (id: string, call?: CallOptions) =>
      dataOf(await api.GET("/admin/schedules/{id}", { params: idOf(id), signal: call?.signal })),
    /** All schedules that match the filter, in pages of `limit`. */
    list: (filter: ScheduleFilter = {}, call?: CallOptions) =>
      pages<ScheduleListItem>(filter, async (query) =>
        dataOf(await api.GET("/admin/schedules", { params: { query }, signal: call?.signal })),
      ),
    /** Changes the given fields; null clears an optional one. */
    update: async (id: string, fields: ScheduleDefinition, call?: VersionOptions) =>
      dataOf(
        await api.PATCH("/admin/schedules/{id}", {
          body: fields,
          params: { ...idOf(id), header: ifMatch(call) },
          signal: call?.signal,
        }),
      ),
    /** Deletes a schedule. Its history stays. */
    delete: async (id: string, call?: ChangeOptions & VersionOptions): Promise<void> => {
      dataOf(
        await api.DELETE("/admin/schedules/{id}", {
          params: { ...idOf(id), header: { ...keyed(call), ...ifMatch(call) } },
          signal: call?.signal,
        }),
      );
    },
    /** Pauses a schedule, until a time if `until` is given. */
    pause: (id: string, why: { note?: string; until?: Date | string } = {}, call?: ChangeOptions) =>
      toggle(id, { enabled: false, note: why.note, until: isoOf(why.until) }, call),
    /** Resumes a schedule. `missed`: which missed occurrences run; by default the schedule's own policy decides. */
    resume: (id: string, how: { missed?: "none" | "last" | "all" } = {}, call?: ChangeOptions) =>
      toggle(id, { enabled: true, missed: how.missed }, call),
    /** Starts one run beside the plan. `wasPaused`: whether the schedule was paused or disabled. */
    runNow: async (id: string, call?: ChangeOptions): Promise<{ executionId: string; wasPaused: boolean }> => {
      const started = dataOf(
        await api.POST("/admin/schedules/{id}/execute", {
          params: { ...idOf(id), header: keyed(call) },
          signal: call?.signal,
        }),
      );
      return { executionId: started.execution_id, wasPaused: started.was_paused };
    },
    /** The next occurrences of a cron expression. Saves nothing. */
    preview: async (
      cron: { cron_expression: string; timezone?: string; count?: number; from?: string },
      call?: CallOptions,
    ): Promise<SchedulePreview> =>
      dataOf(await api.POST("/admin/schedules/preview", { body: { count: 10, ...cron }, signal: call?.signal })),
  };

  async function toggle(
    id: string,
    body: { enabled: boolean; note?: string; until?: string; missed?: "none" | "last" | "all" },
    call?: ChangeOptions,
  ) {
    const params = { ...idOf(id), header: keyed(call) };
    return dataOf(await api.POST("/admin/schedules/{id}/toggle", { body, params, signal: call?.signal }));
  }

  const executions = {
    /** The ended executions that match the filter, in pages of `limit`; newest first or by the filter's `sort`. */
    list: (filter: ExecutionFilter = {}, call?: CallOptions) =>
      pages<ExecutionRow>(filter, async (query) =>
        dataOf(await api.GET("/admin/executions", { params: { query }, signal: call?.signal })),
      ),
    get: async (id: string, call?: CallOptions) =>
      dataOf(await api.GET("/admin/executions/{id}", { params: idOf(id), signal: call?.signal })),
    /** Publishes an execution again, as it was or with other content, and returns the id of the new execution. */
    replay: async (
      id: string,
      content: { payload?: Record<string, unknown>; headers?: Record<string, string> } = {},
      call?: ChangeOptions,
    ): Promise<{ executionId: string }> => {
      const started = dataOf(
        await api.POST("/admin/executions/{id}/replay", {
          body: content,
          params: { ...idOf(id), header: keyed(call) },
          signal: call?.signal,
        }),
      );
      return { executionId: started.execution_id };
    },
  };

  async function publishWithDelay(event: DelayedEvent & { delaySeconds: number }, call?: ChangeOptions) {
    const at = new Date(Date.now() + event.delaySeconds * 1000).toISOString();
    return (await schedules.create(definitionOf(event, at), call)).schedule_id;
  }

  return {
    /**
     * Every call of the API by its path, with the retries of this client; `dataOf` returns the body of its answer. A
     * call that changes something is repeated only after a 429, unless it has an `Idempotency-Key`.
     */
    api,
    schedules,
    executions,
    /** Publishes an event once at a time, or by a schedule with a name. Returns the id of the schedule. */
    scheduleEvent: async (
      event: (DelayedEvent & { scheduledAt: Date | string }) | NamedEvent,
      call?: ChangeOptions,
    ): Promise<string> => (await schedules.create(scheduledDefinition(event), call)).schedule_id,
    /**
     * Publishes an event now, and returns the id of its schedule. The execution time is the time of the call. A later
     * call with the same `idempotencyKey` therefore has another execution time, and is refused with
     * `idempotency_key_reused`. To be able to repeat the call, use `scheduleEvent` with a fixed `scheduledAt`.
     */
    publish: (event: DelayedEvent, call?: ChangeOptions) => publishWithDelay({ ...event, delaySeconds: 0 }, call),
    /**
     * Publishes an event after a delay, and returns the id of its schedule. The delay counts from the time of the call,
     * so the `idempotencyKey` has the same limit as that of `publish`.
     */
    publishWithDelay,
    /** Deletes a schedule, so that its event is not published any more. Returns false if there is no such schedule. */
    cancelEvent: async (id: string, call?: ChangeOptions): Promise<boolean> => {
      try {
        await schedules.delete(id, call);
        return true;
      } catch (error) {
        if (error instanceof SchedulesError && error.code === "not_found") return false;
        throw error;
      }
    },
    getStats: async (call?: CallOptions): Promise<Stats> =>
      dataOf(await api.GET("/api/v1/schedules/monitoring/stats", { signal: call?.signal })),
    /**
     * Waits until an execution has ended, and returns it. Throws `timeout` if the next check would be after `timeoutMs`
     * (60,000 by default).
     */
    waitForExecution: async (id: string, call: CallOptions & { timeoutMs?: number } = {}): Promise<Execution> => {
      const endsAt = Date.now() + (call.timeoutMs ?? 60_000);
      for (let waitMs = 100; ; waitMs = Math.min(2000, waitMs * 1.5)) {
        const found = await executions.get(id, call).catch((error: unknown) => {
          // A run that was just started may not be visible yet.
          if (error instanceof SchedulesError && error.code === "not_found") return null;
          throw error;
        });
        if (found !== null && found.ended_at !== null) return found;
        if (Date.now() + waitMs > endsAt) {
          throw new SchedulesError({ code: "timeout", message: `Execution ${id} has not ended in time.` });
        }
        await pause(waitMs, call.signal);
      }
    },
  };
}

export type SchedulesClient = ReturnType<typeof createSchedulesClient>;

/** The body of a successful answer of `api`. @throws SchedulesError for any other answer */
export function dataOf<T>(result: { data?: T; error?: unknown; response: Response }): T {
  const { data, error, response } = result;
  const isEmpty = data === undefined && response.status !== 204;
  if (error !== undefined || !response.ok || isEmpty) throw errorOf(response, error);
  return data as T;
}
