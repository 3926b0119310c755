import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { toRedisUnavailable } from "~/server/adapters/redis/connection/redis-errors";
import { AppError } from "~/server/domain/errors";
import { getBulk, startBulk } from "~/server/services/bulk";
import type { Ctx } from "~/server/services/ctx";
import {
  createSchedule,
  deleteSchedule,
  executeSchedule,
  getSchedule,
  patchSchedule,
  toggleSchedule,
} from "~/server/services/schedules";
import { BadInputs } from "./bad-inputs";
import { type BusSide, TOPICS } from "./bus-log";
import type { Load } from "./load";
import type { Oracle } from "./oracle";
import type { Random } from "./random";

/** Each divides a minute, so that a cron with this step fires at equal intervals. */
const STEP_SECONDS = [1, 2, 3, 5, 10, 15, 20, 30, 60];
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
const MAX_RECURRING = 40;
const MAX_IN_FLIGHT = 50;
const TICK_MS = 50;
/** Exceeds the horizon, so that some one-time schedules start in ClickHouse. */
const MAX_DELAY_SECONDS = 75;

const cronOf = (seconds: number) => (seconds === 60 ? "0 * * * * *" : `*/${seconds} * * * * *`);

/** A bulk job whose start was not acknowledged has ended after this time. */
const UNANSWERED_BULK_MS = 15_000;

/** Sends the requests of users and programs during faults. */
export class Traffic implements Load {
  /** Ids of schedules with a change in progress. */
  private readonly busy = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();
  private stopping = false;
  private loop: Promise<void> | null = null;
  failedCalls = 0;
  calls = 0;

  readonly badInputs: BadInputs;

  constructor(private readonly deps: { ctx: Ctx; oracle: Oracle; random: Random; bus: BusSide; untilMs: number }) {
    this.badInputs = new BadInputs(deps);
  }

  async start(): Promise<void> {
    this.loop = this.run();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.inFlight.size < MAX_IN_FLIGHT) this.launch(this.next());
      await pause(TICK_MS);
    }
  }

  private launch(call: Promise<void>): void {
    this.calls += 1;
    const tracked = call.finally(() => this.inFlight.delete(tracked));
    this.inFlight.add(tracked);
  }

  /**
   * Waits for the calls in flight, resumes paused schedules, and deletes all recurring schedules. Returns the time up
   * to which occurrences are expected.
   */
  async end(): Promise<number> {
    this.stopping = true;
    await this.loop;
    await Promise.all(this.inFlight);
    for (const id of this.recurring("off")) await this.change(id, () => this.resume(id, "last"));
    const endMs = Date.now();
    for (const id of this.recurring("on")) await this.change(id, () => this.remove(id));
    return endMs;
  }

  refresh(ids: readonly string[]): void {
    // A change in progress reports or reads the state itself.
    for (const id of ids.filter((one) => !this.busy.has(one))) {
      this.busy.add(id);
      this.deps.oracle.changing(id, Date.now());
      this.launch(this.readState(id).finally(() => this.busy.delete(id)));
    }
  }

  private next(): Promise<void> {
    const { random } = this.deps;
    const recurring = this.recurring("on", "off").filter((id) => !this.busy.has(id));
    const draw = random.next();
    const id = recurring.length > 0 ? random.pick(recurring) : null;
    if (id === null || recurring.length < 10) return this.createRecurring();
    if (draw < 0.06) return this.badInputs.send();
    if (draw < 0.6) return this.createOneTime();
    if (draw < 0.7) return this.sendDelayed();
    if (draw < 0.78) return this.runNow(id);
    if (draw < 0.88) return this.change(id, () => this.toggle(id));
    if (draw < 0.92) return this.change(id, () => this.edit(id));
    if (draw < 0.93) return this.bulk(recurring);
    if (draw < 0.95) return this.change(id, () => this.remove(id));
    return recurring.length < MAX_RECURRING ? this.createRecurring() : this.createOneTime();
  }

  private recurring(...states: string[]): string[] {
    return [...this.deps.oracle.schedules.values()]
      .filter((one) => one.atMs === null && states.includes(one.segments.at(-1)?.state ?? ""))
      .map((one) => one.id);
  }

  private async createOneTime(): Promise<void> {
    const { random } = this.deps;
    const atMs = Date.now() + random.between(500, MAX_DELAY_SECONDS * 1000);
    await this.create({ executionTime: new Date(Math.min(atMs, this.deps.untilMs)).toISOString() }, 0);
  }

  private async createRecurring(): Promise<void> {
    const seconds = this.deps.random.pick(STEP_SECONDS);
    await this.create({ cronExpression: cronOf(seconds), timezone: this.deps.random.pick(ZONES) }, seconds);
  }

  private async create(
    times: { executionTime?: string; cronExpression?: string; timezone?: string },
    everySeconds: number,
  ): Promise<void> {
    const { ctx, oracle, random } = this.deps;
    const correlationId = randomUUID();
    const input = {
      topic: TOPICS[random.between(0, 3)],
      entityType: "faults",
      action: "fire",
      payload: { n: 1 },
      correlationId,
      priority: random.between(0, 9),
      maxRetries: 10,
      retryDelaySeconds: 1,
      catchUp: { policy: random.pick(["none", "last", "all"] as const) },
      ...times,
    };
    const sentMs = Date.now();
    try {
      const { schedule } = await createSchedule({ ctx, input: input as never });
      const atMs = times.executionTime ? Date.parse(times.executionTime) : null;
      oracle.created({ id: schedule.scheduleId, atMs, everySeconds, sentMs, ackMs: Date.now() });
    } catch (error) {
      this.countFailure(error);
      oracle.unanswered.add(correlationId);
    }
  }

  private async sendDelayed(): Promise<void> {
    const { bus, oracle, random } = this.deps;
    const correlationId = randomUUID();
    const deliveryMs = Math.min(Date.now() + random.between(500, 30_000), this.deps.untilMs);
    try {
      await bus.sendDelayed({ correlationId, topic: "faults.delayed", deliveryMs });
      oracle.delayed.set(correlationId, Date.now());
    } catch {
      this.failedCalls += 1;
      oracle.unanswered.add(correlationId);
    }
  }

  private async runNow(scheduleId: string): Promise<void> {
    const { ctx, oracle } = this.deps;
    try {
      const { executionId } = await executeSchedule({ ctx, input: { scheduleId } });
      oracle.manual.set(executionId, Date.now());
    } catch (error) {
      this.countFailure(error);
    }
  }

  /** Marks the schedule as busy while `call` runs. If the call fails, reads the state again. */
  private async change(
    id: string,
    call: () => Promise<{ state: "on" | "off" | "gone"; everySeconds: number }>,
  ): Promise<void> {
    const { oracle } = this.deps;
    this.busy.add(id);
    oracle.changing(id, Date.now());
    try {
      oracle.changed(id, await call(), Date.now());
    } catch (error) {
      this.countFailure(error);
      await this.readState(id);
    } finally {
      this.busy.delete(id);
    }
  }

  private everySeconds(id: string): number {
    return this.deps.oracle.schedules.get(id)?.segments.at(-1)?.everySeconds ?? 0;
  }

  /** Whether the schedule was off before the change in progress. */
  private wasOff(id: string): boolean {
    return this.deps.oracle.schedules.get(id)?.segments.at(-2)?.state === "off";
  }

  private async toggle(id: string) {
    const { ctx, random } = this.deps;
    if (this.wasOff(id)) return this.resume(id, random.pick(["none", "last", "all"] as const));
    await toggleSchedule({ ctx, input: { scheduleId: id, enabled: false, note: "faults" } });
    return { state: "off" as const, everySeconds: this.everySeconds(id) };
  }

  private async resume(id: string, missed: "none" | "last" | "all") {
    await toggleSchedule({ ctx: this.deps.ctx, input: { scheduleId: id, enabled: true, missed } });
    return { state: "on" as const, everySeconds: this.everySeconds(id) };
  }

  /**
   * Pauses or resumes several schedules in a bulk job, and reads their states after the job has ended.
   */
  private async bulk(idle: readonly string[]): Promise<void> {
    const { ctx, oracle, random } = this.deps;
    const action = random.pick(["pause", "resume"] as const);
    const ids = idle.slice(0, 8);
    for (const id of ids) {
      this.busy.add(id);
      oracle.changing(id, Date.now());
    }
    try {
      const missed = action === "resume" ? random.pick(["none", "last", "all"] as const) : undefined;
      const job = await startBulk({ ctx, input: { action, ids, missed, dryRun: false } });
      if ("jobId" in job) await this.waitForBulkJob(job.jobId);
    } catch (error) {
      this.countFailure(error);
      // The job may have started although the call failed.
      await pause(UNANSWERED_BULK_MS);
    }
    await Promise.all(ids.map((id) => this.readState(id).finally(() => this.busy.delete(id))));
  }

  /** Waits until the job has ended or no longer exists. */
  private async waitForBulkJob(jobId: string): Promise<void> {
    for (;;) {
      try {
        if ((await getBulk({ ctx: this.deps.ctx, input: { jobId } })).endedAt !== null) return;
      } catch (error) {
        if (error instanceof AppError && error.code === "not_found") return;
      }
      await pause(250);
    }
  }

  private async edit(id: string) {
    const { ctx, random } = this.deps;
    // A paused schedule is not edited, because the oracle knows only one step per pause.
    if (this.wasOff(id)) return { state: "off" as const, everySeconds: this.everySeconds(id) };
    const everySeconds = random.pick(STEP_SECONDS);
    await patchSchedule({ ctx, input: { scheduleId: id, patch: { cronExpression: cronOf(everySeconds) } } as never });
    return { state: "on" as const, everySeconds };
  }

  private async remove(id: string) {
    await deleteSchedule({ ctx: this.deps.ctx, input: { scheduleId: id } });
    return { state: "gone" as const, everySeconds: this.everySeconds(id) };
  }

  /** Retries until the read succeeds. */
  private async readState(scheduleId: string): Promise<void> {
    const { ctx, oracle } = this.deps;
    for (;;) {
      try {
        const { enabled, cronExpression } = await getSchedule({ ctx, input: { scheduleId } });
        const step = /^\*\/(\d+)/.exec(cronExpression ?? "")?.[1];
        oracle.changed(scheduleId, { state: enabled ? "on" : "off", everySeconds: Number(step ?? 60) }, Date.now());
        return;
      } catch (error) {
        if (error instanceof AppError && error.code === "not_found") {
          oracle.changed(scheduleId, { state: "gone", everySeconds: this.everySeconds(scheduleId) }, Date.now());
          return;
        }
        await pause(250);
      }
    }
  }

  private countFailure(thrown: unknown): void {
    this.failedCalls += 1;
    const error = toRedisUnavailable(thrown);
    // Other errors are bugs of this program.
    if (!(error instanceof AppError)) throw error;
    if (error.code === "validation_failed") throw error;
  }
}
