import type { Execution } from "~/server/domain/execution";
import { occurrenceKey, scheduleIdOf } from "~/server/domain/ids";
import type { PlanTail } from "~/server/domain/placement";
import type { Schedule } from "~/server/domain/schedule";
import type { Claim, ClaimResult, PlanClaim } from "~/server/ports/hot/claims";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { SettleItem } from "~/server/ports/hot/settlement";
import { delta, edited, oneTime, planOf, readOutbox, recurring } from "./hot-tier-fixture";

/** Number of occurrences of a recurring schedule in the model. */
const RUNS = 6;
/** Number of planned occurrences in Redis; small, so that plans are used up often. */
const PLAN_LENGTH = 2;

/**
 * The model's state of one schedule. Nominal times are `base + 1` … `base + RUNS`, or `base + 1` for a one-time
 * schedule.
 */
interface Tracked {
  row: Schedule;
  place: "hot" | "far" | "deleted";
  base: number;
  /** The highest nominal time that was claimed or decided. */
  reached: number;
  /** The rows that ClickHouse has or had. A slow promoter may still use an earlier row. */
  listed: Schedule[];
  /**
   * A run was counted while the schedule was long-term. Until the recorder runs, Redis has a newer revision than
   * ClickHouse.
   */
  redisIsNewer: boolean;
}

/**
 * A simple model beside the real hot tier. It tracks which occurrences need an outcome and simulates workers, including
 * late ones. Throws at the first difference.
 */
export class Model {
  private readonly tracked: Tracked[] = [];
  /** All claims so far, oldest first. Includes settled claims, because a late worker may settle them again. */
  private readonly claims: (Claim | PlanClaim)[] = [];
  /** Keys of occurrences in flight. */
  private readonly inFlight = new Set<string>();
  /** Keys of occurrences that must have exactly one outcome at the end. */
  private readonly owed = new Set<string>();
  private readonly settled: string[] = [];
  private readonly executions: Execution[] = [];
  private serial = 0;

  constructor(
    private readonly hot: HotTier,
    private readonly now: number,
    /** Returns the keys published in place since the last call. */
    private readonly readPublished: () => Promise<string[]>,
  ) {}

  async create(kind: "once" | "cron", place: "hot" | "far"): Promise<void> {
    const base = this.now - 100_000 + this.tracked.length * 100;
    const row = kind === "once" ? oneTime(base + 1) : recurring();
    const one: Tracked = { row, place, base, reached: base, listed: [], redisIsNewer: false };
    this.tracked.push(one);
    const result = await this.hot.put(this.putInput(one, { row, place, expectedVersion: null }));
    assert(result.status === "stored", `create: ${result.status}`);
    this.updateRow(one, result.schedule);
    assert(
      (await this.hot.put(this.putInput(one, { row, place, expectedVersion: null }))).status !== "stored",
      "created twice",
    );
  }

  async edit(pick: number, change: "edit" | "far" | "delete", stale: boolean): Promise<void> {
    const one = this.pick(pick);
    if (!one) return;
    const once = one.row.cronExpression === null;
    const ended = one.reached >= this.last(one);
    const isInFlight = once && this.inFlight.has(this.keys(one)[0] as string);
    // The schedule has ended, so the service would refuse an edit.
    if (ended && !isInFlight && !(one.place === "far" && once)) return;
    const row = edited(one.row, {});
    if (change === "delete") row.state = { ...row.state, deleted: true };
    const place = change === "edit" ? "hot" : change === "far" ? "far" : "deleted";
    const expectedVersion = stale ? one.row.version - 1 : one.row.version;
    const result = await this.hot.put(this.putInput(one, { row, place, expectedVersion }));
    const expected =
      one.place === "deleted"
        ? "deleted"
        : stale
          ? "stale"
          : isInFlight && change !== "delete"
            ? "in_flight"
            : "stored";
    assert(result.status === expected, `${change}: ${result.status} instead of ${expected}`);
    if (result.status !== "stored") return;
    one.place = place;
    this.updateRow(one, result.schedule);
  }

  /** Promotes the current row of ClickHouse, or a row from before an edit. */
  async promote(pick: number, old: number): Promise<void> {
    const one = this.pick(pick);
    const listed = one?.listed[old % Math.max(1, one.listed.length)];
    if (!one || !listed) return;
    const nominals = this.nominals(one);
    if (nominals.length === 0) return;
    const [result] = await this.hot.promote([{ schedule: listed, plan: planOf(...nominals.slice(0, PLAN_LENGTH)) }]);
    const current = one.place === "far" && !one.redisIsNewer && listed.state.revision === one.row.state.revision;
    assert((result === "promoted") === current, `promotion was ${result}; current: ${current}`);
    if (result !== "promoted") return;
    one.place = "hot";
    this.updateRow(one, { ...listed, state: { ...listed.state, revision: listed.state.revision + 1 } });
  }

  async runNow(pick: number): Promise<void> {
    const one = this.pick(pick);
    if (!one) return;
    const key = `${one.row.scheduleId}@manual:${this.serial++}`;
    const instance = { key, nominalMs: this.now, effectiveMs: this.now - 5, actor: "ann", lane: null };
    assert(await this.hot.enqueue({ schedule: one.row, instance: { ...instance, trigger: "manual" } }), "run now");
    this.owed.add(key);
    this.inFlight.add(key);
  }

  async claim(limit: number, options: { leaseMs: number; graceMs: number }): Promise<number> {
    const result = await this.hot.claim({ workerId: "w", limit, catchUpLimit: limit, shard: 0, ...options });
    const published = await this.readPublished();
    assert(published.length === result.published.count, `on the stream: ${published.length}`);
    for (const key of published) this.trackPublished(key);
    return this.trackClaims(result) + published.length;
  }

  private trackClaims({ claims }: ClaimResult): number {
    for (const claim of claims) {
      this.claims.push(claim);
      if (claim.kind === "occurrence") this.trackClaim(claim);
    }
    return claims.length;
  }

  /** Settles a claim, even if another claim has the lease now. */
  async settle(pick: number, action: "done" | "retry" | "hold"): Promise<void> {
    const claim = this.claims[pick % Math.max(1, this.claims.length)];
    if (!claim) return;
    if (claim.kind === "plan") return this.replan(claim, pick % 3);
    const tail = this.tail(claim);
    const item: SettleItem =
      action === "done"
        ? { kind: "done", claim, delta: delta({ outcome: claim.deleted ? "cancelled" : "succeeded" }), tail }
        : action === "retry"
          ? { kind: "retry", claim, atMs: this.now - 1, attempts: claim.attempts, tail }
          : tail === null && pick % 2 === 0
            ? { kind: "hold", claim, untilMs: null, tail: null }
            : { kind: "hold", claim, untilMs: this.now - 1, tail };
    const [result] = await this.hot.settle([item]);
    if (result !== "settled" || action !== "done") return;
    this.settled.push(claim.key);
    this.inFlight.delete(claim.key);
    const one = this.tracked.find(({ row }) => row.scheduleId === claim.schedule.scheduleId) as Tracked;
    one.redisIsNewer ||= one.place === "far" && one.row.version === claim.schedule.version;
  }

  /** Claims held occurrences for a trial or drains them, sometimes after those that have expired were released. */
  async releaseHeld(action: "trial" | "drain", limit: number): Promise<void> {
    if (action === "drain" && limit % 2 === 0) await this.hot.expireHeld({ limit });
    for (const { topic } of await this.hot.heldTopics()) {
      if (action === "drain") await this.hot.drainHeld({ shard: 0, topic, limit });
      else this.trackClaims(await this.hot.claimHeld({ workerId: "w", shard: 0, topic, limit, leaseMs: -1 }));
    }
  }

  rescue(): Promise<number> {
    return this.hot.rescue({ limit: 100, shard: 0 });
  }

  async record(): Promise<void> {
    const { schedules, executions } = await readOutbox(this.hot);
    this.executions.push(...executions);
    for (const row of schedules) {
      const one = this.tracked.find((one) => one.row.scheduleId === row.scheduleId) as Tracked;
      if (one.place !== "far" || row.state.revision <= one.row.state.revision) continue;
      this.updateRow(one, row);
    }
  }

  /** Runs all remaining occurrences, then compares the ledger with the expected outcomes. */
  async finish(): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      for (let index = 0; index < this.claims.length; index += 1) await this.settle(index, "done");
      this.claims.length = 0;
      await this.rescue();
      await this.releaseHeld("drain", 1000);
      const claimed = await this.claim(50, { leaseMs: -1, graceMs: 3_600_000 });
      const { pending, running, held } = await this.hot.stats();
      if (claimed === 0 && pending === 0 && running === 0 && held === 0) break;
    }
    await this.record();
    const stats = await this.hot.stats();
    assert(stats.pending + stats.running + stats.held === 0, `left over: ${JSON.stringify(stats)}`);
    for (const one of this.tracked) {
      if (one.place === "hot") for (const key of this.keys(one)) this.owed.add(key);
    }
    const keys = this.executions.map((one) => one.key).sort();
    assert(new Set(keys).size === keys.length, `two outcomes of one occurrence: ${keys.join(" ")}`);
    const owed = [...this.owed].sort();
    assert(keys.join(" ") === owed.join(" "), `ledger:\n${keys.join("\n")}\nowed:\n${owed.join("\n")}`);
    assert(new Set(this.settled).size === this.settled.length, "one occurrence was settled twice");
  }

  private async replan(claim: PlanClaim, skip: number): Promise<void> {
    const one = this.tracked.find(({ row }) => row.scheduleId === claim.schedule.scheduleId) as Tracked;
    const from = claim.plan[0]?.nominalMs ?? (claim.lastNominalMs ?? one.base) + 1;
    const nominals = range(from, this.last(one));
    const skipped = nominals.slice(0, skip);
    const caughtUp = nominals.slice(skip, skip + 1);
    const rest = nominals.slice(skip + 1, skip + 1 + PLAN_LENGTH);
    const tail: PlanTail = rest.length > 0 ? { kind: "hot", more: planOf(...rest) } : { kind: "end" };
    const id = one.row.scheduleId;
    const instances = caughtUp.map((nominalMs) => ({
      ...{ key: occurrenceKey(id, nominalMs), nominalMs, effectiveMs: nominalMs },
      ...{ trigger: "catch_up" as const, actor: null, lane: "c" as const },
    }));
    const executions = skipped.map((scheduledFor) => skippedRow(id, scheduledFor));
    if ((await this.hot.replan({ claim, executions, instances, tail })) !== "settled") return;
    for (const nominalMs of [...skipped, ...caughtUp]) {
      assert(nominalMs > one.reached, `decided again: ${nominalMs}`);
      one.reached = nominalMs;
      this.owed.add(occurrenceKey(id, nominalMs));
    }
    for (const { key } of instances) this.inFlight.add(key);
  }

  private trackPublished(key: string): void {
    const one = this.tracked.find(({ row }) => row.scheduleId === scheduleIdOf(key)) as Tracked;
    assert(one.place === "hot" && one.reached < this.last(one), `published although it is ${one.place}: ${key}`);
    assert(!this.inFlight.has(key), `published while it is claimed: ${key}`);
    one.reached = this.last(one);
    this.settled.push(key);
    this.owed.add(key);
  }

  private trackClaim(claim: Claim): void {
    const one = this.tracked.find(({ row }) => row.scheduleId === claim.schedule.scheduleId) as Tracked;
    assert(!this.settled.includes(claim.key), `claimed after its outcome: ${claim.key}`);
    if (claim.trigger !== "schedule") return;
    if (!this.inFlight.has(claim.key)) {
      assert(one.place === "hot", `claimed although it is ${one.place}: ${claim.key}`);
      assert(claim.nominalMs > one.reached, `out of order: ${claim.key}`);
      one.reached = claim.nominalMs;
    }
    assert(claim.deleted === (one.place === "deleted"), `deleted: ${claim.deleted}, is ${one.place}`);
    this.inFlight.add(claim.key);
    this.owed.add(claim.key);
  }

  /** The tail that a worker computes for the claim. */
  private tail(claim: Claim): PlanTail | null {
    if (claim.planLeft === null || claim.planLeft.length >= PLAN_LENGTH) return null;
    const one = this.tracked.find(({ row }) => row.scheduleId === claim.schedule.scheduleId) as Tracked;
    const more = range((claim.planLeft.at(-1)?.nominalMs ?? claim.nominalMs) + 1, this.last(one)).slice(0, PLAN_LENGTH);
    if (more.length > 0) return { kind: "hot", more: planOf(...more) };
    return claim.planLeft.length > 0 ? null : { kind: "end" };
  }

  private putInput(
    one: Tracked,
    to: { row: Schedule; place: Tracked["place"]; expectedVersion: number | null },
  ): PutInput {
    const { row: schedule, expectedVersion } = to;
    const nominals = this.nominals(one);
    if (to.place !== "hot") {
      const nextExecution = to.place === "far" ? (nominals[0] ?? null) : null;
      return { schedule, expectedVersion, placement: { tier: "clickhouse", nextExecution } };
    }
    // An edit by a process with a slow clock plans a claimed occurrence again.
    const again = schedule.cronExpression !== null && one.reached > one.base ? [one.reached] : [];
    const plan = planOf(...again, ...nominals.slice(0, PLAN_LENGTH));
    return { schedule, expectedVersion, placement: { tier: "redis", plan } };
  }

  private updateRow(one: Tracked, row: Schedule): void {
    one.row = row;
    one.redisIsNewer = false;
    if (one.place === "far") one.listed.push(row);
  }

  private pick(index: number): Tracked | undefined {
    return this.tracked[index % Math.max(1, this.tracked.length)];
  }

  private last(one: Tracked): number {
    return one.base + (one.row.cronExpression === null ? 1 : RUNS);
  }

  private nominals(one: Tracked): number[] {
    return range(one.reached + 1, this.last(one));
  }

  private keys(one: Tracked): string[] {
    return range(one.base + 1, this.last(one)).map((nominalMs) => occurrenceKey(one.row.scheduleId, nominalMs));
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

function skippedRow(scheduleId: string, scheduledFor: number): Execution {
  const key = occurrenceKey(scheduleId, scheduledFor);
  const { attempts, ...outcome } = delta({ outcome: "skipped", reason: "catch_up_policy", firedAt: null });
  return {
    ...{ executionId: key, key, scheduleId, scheduleName: null, scheduleVersion: 1, trigger: "schedule", topic: "t" },
    ...{ entityType: "e", entityId: null, action: "a", source: "admin", correlationId: "c", priority: 0, scheduledFor },
    ...{
      effectiveAt: scheduledFor,
      latenessMs: 0,
      late: false,
      note: null,
      tier: "redis",
      enteredRedisAt: 0,
      payload: "",
      headers: {},
      rawValue: false,
      actorType: "system",
      actorId: "scheduler",
    },
    ...outcome,
    attempts,
  };
}

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
