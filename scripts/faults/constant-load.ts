import type { Ctx } from "~/server/services/ctx";
import { createSchedules, deleteSchedule } from "~/server/services/schedules";
import { TOPICS } from "./bus-log";
import type { Load } from "./load";
import type { Oracle } from "./oracle";

const BATCH_SIZE = 100;
/** The last topic is for delayed messages. */
const SCHEDULE_TOPICS = TOPICS.slice(0, -1);

/** A constant load: `perSecond` schedules, each of which fires every second. */
export class ConstantLoad implements Load {
  calls = 0;
  /** Schedule id → catch-up policy. */
  readonly policyOf = new Map<string, string>();
  failedCalls = 0;

  constructor(
    private readonly deps: {
      ctx: Ctx;
      oracle: Oracle;
      perSecond: number;
      policies?: readonly ("none" | "last" | "all")[];
    },
  ) {}

  async start(): Promise<void> {
    const { ctx, oracle, perSecond, policies = ["last"] } = this.deps;
    for (let from = 0; from < perSecond; from += BATCH_SIZE) {
      const items = Array.from({ length: Math.min(BATCH_SIZE, perSecond - from) }, (_, i) => ({
        topic: SCHEDULE_TOPICS[i % SCHEDULE_TOPICS.length],
        entityType: "faults",
        action: "fire",
        payload: { n: i },
        cronExpression: "* * * * * *",
        catchUp: { policy: policies[i % policies.length], maxRuns: 10_000 },
        maxRetries: 10,
        retryDelaySeconds: 1,
      }));
      const sentMs = Date.now();
      const answer = await createSchedules({ ctx, input: { items } });
      this.calls += 1;
      answer.items.forEach((item, i) => {
        if (!("scheduleId" in item)) throw new Error(`a schedule was refused: ${JSON.stringify(item)}`);
        oracle.created({ id: item.scheduleId, atMs: null, everySeconds: 1, sentMs, ackMs: Date.now() });
        this.policyOf.set(item.scheduleId, policies[i % policies.length] ?? "last");
      });
    }
  }

  async end(): Promise<number> {
    const { ctx, oracle } = this.deps;
    const endMs = Date.now();
    for (const { id } of oracle.schedules.values()) {
      oracle.changing(id, Date.now());
      await deleteSchedule({ ctx, input: { scheduleId: id } });
      oracle.changed(id, { state: "gone", everySeconds: 1 }, Date.now());
    }
    return endMs;
  }

  /** Nothing to read again, because the schedules are never changed. */
  refresh(): void {}
}
