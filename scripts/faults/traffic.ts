import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { readRedisError } from "~/server/adapters/redis/connection/redis-errors";
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
import type { Oracle } from "./oracle";
import type { Random } from "./random";
import type { Usage } from "./run";

/** Divisors of a minute, so that a cron of this step fires on every whole multiple. */
const STEPS = [1, 2, 3, 5, 10, 15, 20, 30, 60];
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
const MAX_RECURRING = 40;
const MAX_UNDER_WAY = 50;
const TICK_MS = 50;
/** Largest lead of a one-time schedule: beyond the horizon, so that ClickHouse stores it first. */
const FARTHEST_SECONDS = 75;

const cronOf = (seconds: number) => (seconds === 60 ? "0 * * * * *" : `*/${seconds} * * * * *`);

/** If the answer of a bulk call was lost, its job ends within this time, when Redis and a worker are back. */
const DOUBTFUL_BULK_MS = 15_000;

/** The load during faults, by users and programs. Informs the oracle of requests and answers. */
export class Traffic implements Usage {
  private readonly busy = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private stopping = false;
  private loop: Promise<void> | null = null;
  /** Calls that failed. */
  refused = 0;
  calls = 0;

  readonly bad: BadInputs;

  constructor(private readonly given: { ctx: Ctx; oracle: Oracle; random: Random; bus: BusSide; untilMs: number }) {
    this.bad = new BadInputs(given);
  }

  async start(): Promise<void> {
    this.loop = this.run();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.underWay.size < MAX_UNDER_WAY) this.launch(this.next());
      await pause(TICK_MS);
    }
  }

  private launch(call: Promise<void>): void {
    this.calls += 1;
    const tracked = call.finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  /**
   * Starts no new calls, waits for those in progress, resumes paused schedules and deletes all recurring ones. Returns
   * the time from which nothing is due.
   */
  async end(): Promise<number> {
    this.stopping = true;
    await this.loop;
    await Promise.all(this.underWay);
    for (const id of this.recurring("off")) await this.change(id, () => this.resume(id, "last"));
    const endMs = Date.now();
    for (const id of this.recurring("on")) await this.change(id, () => this.remove(id));
    return endMs;
  }

  /** After a wipe: the current state of these schedules must be read again. */
  refresh(ids: readonly string[]): void {
    // A change in progress will report or read the state itself.
    for (const id of ids.filter((one) => !this.busy.has(one))) {
      this.busy.add(id);
      this.given.oracle.changing(id, Date.now());
      this.launch(this.readState(id).finally(() => this.busy.delete(id)));
    }
  }

  private next(): Promise<void> {
    const { random } = this.given;
    const recurring = this.recurring("on", "off").filter((id) => !this.busy.has(id));
    const draw = random.next();
    const id = recurring.length > 0 ? random.pick(recurring) : null;
    if (id === null || recurring.length < 10) return this.createRecurring();
    if (draw < 0.06) return this.bad.send();
    if (draw < 0.6) return this.createOnce();
    if (draw < 0.7) return this.sendDelayed();
    if (draw < 0.78) return this.runNow(id);
    if (draw < 0.88) return this.change(id, () => this.toggle(id));
    if (draw < 0.92) return this.change(id, () => this.edit(id));
    if (draw < 0.93) return this.bulk(recurring);
    if (draw < 0.95) return this.change(id, () => this.remove(id));
    return recurring.length < MAX_RECURRING ? this.createRecurring() : this.createOnce();
  }

  private recurring(...states: string[]): string[] {
    return [...this.given.oracle.schedules.values()]
      .filter((one) => one.atMs === null && states.includes(one.segments.at(-1)?.state ?? ""))
      .map((one) => one.id);
  }

  private async createOnce(): Promise<void> {
    const { random } = this.given;
    const atMs = Date.now() + random.between(500, FARTHEST_SECONDS * 1000);
    await this.create({ executionTime: new Date(Math.min(atMs, this.given.untilMs)).toISOString() }, 0);
  }

  private async createRecurring(): Promise<void> {
    const seconds = this.given.random.pick(STEPS);
    await this.create({ cronExpression: cronOf(seconds), timezone: this.given.random.pick(ZONES) }, seconds);
  }

  private async create(
    times: { executionTime?: string; cronExpression?: string; timezone?: string },
    everySeconds: number,
  ): Promise<void> {
    const { ctx, oracle, random } = this.given;
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
      this.failed(error);
      oracle.doubtful.add(correlationId);
    }
  }

  private async sendDelayed(): Promise<void> {
    const { bus, oracle, random } = this.given;
    const correlationId = randomUUID();
    const deliveryMs = Math.min(Date.now() + random.between(500, 30_000), this.given.untilMs);
    try {
      await bus.sendDelayed({ correlationId, topic: "faults.delayed", deliveryMs });
      oracle.delayed.set(correlationId, Date.now());
    } catch {
      this.refused += 1;
      oracle.doubtful.add(correlationId);
    }
  }

  private async runNow(scheduleId: string): Promise<void> {
    const { ctx, oracle } = this.given;
    try {
      const { executionId } = await executeSchedule({ ctx, input: { scheduleId } });
      oracle.manual.set(executionId, Date.now());
    } catch (error) {
      this.failed(error);
    }
  }

  /** Makes one change of a schedule at a time; if its answer is lost, reads the schedule's state. */
  private async change(
    id: string,
    call: () => Promise<{ state: "on" | "off" | "gone"; everySeconds: number }>,
  ): Promise<void> {
    const { oracle } = this.given;
    this.busy.add(id);
    oracle.changing(id, Date.now());
    try {
      oracle.changed(id, await call(), Date.now());
    } catch (error) {
      this.failed(error);
      await this.readState(id);
    } finally {
      this.busy.delete(id);
    }
  }

  private everySeconds(id: string): number {
    return this.given.oracle.schedules.get(id)?.segments.at(-1)?.everySeconds ?? 0;
  }

  private async toggle(id: string) {
    const { ctx, oracle, random } = this.given;
    const off = oracle.schedules.get(id)?.segments.at(-2)?.state === "off";
    if (off) return this.resume(id, random.pick(["none", "last", "all"] as const));
    await toggleSchedule({ ctx, input: { scheduleId: id, enabled: false, note: "faults" } });
    return { state: "off" as const, everySeconds: this.everySeconds(id) };
  }

  private async resume(id: string, missed: "none" | "last" | "all") {
    await toggleSchedule({ ctx: this.given.ctx, input: { scheduleId: id, enabled: true, missed } });
    return { state: "on" as const, everySeconds: this.everySeconds(id) };
  }

  /**
   * Pauses or resumes several schedules in a bulk job. The answer only confirms the job's start, so the results are
   * read after its end.
   */
  private async bulk(idle: readonly string[]): Promise<void> {
    const { ctx, oracle, random } = this.given;
    const action = random.pick(["pause", "resume"] as const);
    const ids = idle.slice(0, 8);
    for (const id of ids) {
      this.busy.add(id);
      oracle.changing(id, Date.now());
    }
    try {
      const missed = action === "resume" ? random.pick(["none", "last", "all"] as const) : undefined;
      const job = await startBulk({ ctx, input: { action, ids, missed, dryRun: false } });
      if ("jobId" in job) await this.overOrGone(job.jobId);
    } catch (error) {
      this.failed(error);
      // The job may have started anyway; then it ends within this time.
      await pause(DOUBTFUL_BULK_MS);
    }
    await Promise.all(ids.map((id) => this.readState(id).finally(() => this.busy.delete(id))));
  }

  private async overOrGone(jobId: string): Promise<void> {
    for (;;) {
      try {
        if ((await getBulk({ ctx: this.given.ctx, input: { jobId } })).endedAt !== null) return;
      } catch (error) {
        if (error instanceof AppError && error.code === "not_found") return;
      }
      await pause(250);
    }
  }

  private async edit(id: string) {
    const { ctx, oracle, random } = this.given;
    const state = oracle.schedules.get(id)?.segments.at(-2)?.state === "off" ? ("off" as const) : ("on" as const);
    // Missed occurrences are counted by the times in force at the resume. The oracle knows one step for each pause.
    if (state === "off") return { state, everySeconds: this.everySeconds(id) };
    const everySeconds = random.pick(STEPS);
    await patchSchedule({ ctx, input: { scheduleId: id, patch: { cronExpression: cronOf(everySeconds) } } as never });
    return { state, everySeconds };
  }

  private async remove(id: string) {
    await deleteSchedule({ ctx: this.given.ctx, input: { scheduleId: id } });
    return { state: "gone" as const, everySeconds: this.everySeconds(id) };
  }

  /** Reads the schedule's state until there is an answer. */
  private async readState(scheduleId: string): Promise<void> {
    const { ctx, oracle } = this.given;
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

  private failed(thrown: unknown): void {
    this.refused += 1;
    const error = readRedisError(thrown);
    // A defect of the harness must not be reported as a fault of the installation.
    if (!(error instanceof AppError)) throw error;
    if (error.code === "validation_failed") throw error;
  }
}
