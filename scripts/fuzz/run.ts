import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import type { Ctx } from "~/server/services/ctx";
import { listWorkers } from "~/server/services/monitoring/workers";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { deleteSchedule } from "~/server/services/schedules";
import { type CanaryResult, canaryResult, openCanary } from "../faults/canary";
import { type Installation, openInstallation } from "../faults/installation";
import { readLedger } from "../faults/ledger";
import { type Definition, definitions } from "./definitions";
import type { DelayedSide } from "./delayed";
import { FUZZ_KEY } from "./key";
import { type Message, messages } from "./messages";
import { type BorderCount, Score, StoreUnavailable } from "./score";
import { checkSettled } from "./settled";

export const BORDERS = ["rest", "trpc", "code", "delayed"] as const;
export type Border = (typeof BORDERS)[number];

const CHUNK_SIZE = 200;
/** Concurrent calls per API. */
const CONCURRENCY = 4;
const MESSAGES_PER_SEND = 20;
/** Limited, because each of these schedules may fire every second. */
const MAX_LIVE_RECURRING = 25;
const PROGRESS_MS = 30_000;
const POLL_MS = 1000;
const MAX_TRIES = 5;
/** The remaining recurring schedules are deleted no earlier than this after the start. */
const MIN_FIRING_MS = 10_000;

export interface FuzzInput {
  dir: string;
  seed: number;
  /** Number of inputs for each API. */
  count: number;
  borders: readonly Border[];
  kafka: boolean;
  say: (line: string) => void;
}

export interface FuzzReport {
  seed: number;
  seconds: number;
  borders: Record<string, BorderCount>;
  canary: CanaryResult;
  loopsFailed: string[];
  quarantined: number;
  /** Number of inputs for which a store was down or too slow at every try. */
  unanswered: number;
  breaches: readonly string[];
  breachCount: number;
}

/**
 * Starts an installation and a canary, sends inputs through all APIs concurrently, waits until everything has settled,
 * and checks the results.
 */
export async function runFuzz(input: FuzzInput): Promise<FuzzReport> {
  const installation = await openInstallation({ ...input, workers: 1, cluster: false });
  Object.assign(process.env, installation.env, { LOG_LEVEL: "silent", ADMIN_API_KEY: FUZZ_KEY });
  // Imported here, because the container reads the environment that was set above.
  const { openContainer, closeContainer } = await import("~/server/container");
  try {
    const { deps } = await openContainer("web");
    const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "fuzz" };
    await installation.startWorker(0);
    return await runIn(ctx, input, installation);
  } finally {
    await closeContainer();
    await installation.close();
  }
}

async function runIn(ctx: Ctx, input: FuzzInput, { env, kafka }: Installation): Promise<FuzzReport> {
  const { REDIS_URL: redisUrl = "", CLICKHOUSE_URL: clickhouseUrl = "" } = env;
  const { streamSide, kafkaSide } = await import("./delayed");
  const delayed = kafka === null ? streamSide(redisUrl) : await kafkaSide(kafka.brokers);
  const score = new Score();
  const startMs = Date.now();
  const canary = await openCanary(ctx, "fuzz.canary");
  const loops = watchLoops(ctx);
  const through = {
    rest: (await import("./rest")).throughRest,
    trpc: (await import("./trpc")).throughTrpc,
    code: (await import("./code")).throughCode,
  };
  const sentSoFar = () => input.borders.map((border) => `${border} ${score.countsOf(border).sent}`).join(", ");
  const progress = setInterval(() => input.say(`… sent: ${sentSoFar()}`), PROGRESS_MS);
  await Promise.all(
    input.borders.map((border) =>
      border === "delayed"
        ? sendMessages(score, delayed, input)
        : sendDefinitions({ ctx, score, border, send: through[border] }, input),
    ),
  ).finally(() => clearInterval(progress));
  const sentMs = Date.now() - startMs;
  input.say(`all inputs sent after ${Math.round(sentMs / 1000)} s; waiting until everything has settled`);
  await pause(Math.max(0, MIN_FIRING_MS - sentMs));
  for (const id of [...score.liveRecurring]) await remove(ctx, score, id);
  const quarantined = await checkSettled({ ctx, score, delayed, sentDelayed: score.countsOf("delayed").accepted });
  const canaryEndMs = await canary.stop();
  const { rows } = await untilWritten(clickhouseUrl, canary.scheduleId, canaryEndMs);
  const canaryOutcome = canaryResult(rows, { ...canary, endMs: canaryEndMs });
  const loopsFailed = loops.stop();
  await delayed.close();
  return {
    seed: input.seed,
    seconds: Math.round((Date.now() - startMs) / 1000),
    borders: Object.fromEntries(score.borders),
    canary: canaryOutcome,
    loopsFailed,
    quarantined,
    unanswered: score.unanswered,
    breaches: score.breaches,
    breachCount: score.breachCount,
  };
}

/** Reads the ledger until it has the canary's last occurrence, at most for half a minute. */
async function untilWritten(url: string, scheduleId: string, endMs: number) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const ledger = await readLedger(url);
    const last = ledger.rows.some((row) => row.scheduleId === scheduleId && row.scheduledFor > endMs - POLL_MS);
    if (last || Date.now() > deadline) return ledger;
    await pause(250);
  }
}

/**
 * Generates the inputs in chunks. The times in a chunk are relative to the time at which it is generated.
 */
function* chunks<T>(input: { seed: number; count: number; border: Border }, draw: (nowMs: number) => fc.Arbitrary<T>) {
  // More than the number of chunks, so that no two APIs use the same seed.
  const seedOffset = BORDERS.indexOf(input.border) * 1_000_003;
  for (let done = 0; done < input.count; done += CHUNK_SIZE) {
    const seed = input.seed + seedOffset + done / CHUNK_SIZE;
    yield fc.sample(draw(Date.now()), { seed, numRuns: Math.min(CHUNK_SIZE, input.count - done) });
  }
}

async function sendDefinitions(
  target: {
    ctx: Ctx;
    score: Score;
    border: Exclude<Border, "delayed">;
    send: (score: Score, input: Definition) => Promise<void>;
  },
  input: FuzzInput,
): Promise<void> {
  const { ctx, score, border, send } = target;
  for (const chunk of chunks({ ...input, border }, definitions)) {
    const left = chunk.values();
    const sendNext = async () => {
      for (const definition of left) {
        score.countsOf(border).sent += 1;
        await untilAnswered(score.countsOf(border), () => send(score, definition)).catch((error) => {
          if (error instanceof StoreUnavailable) {
            score.unanswered += 1;
            return;
          }
          const what = error instanceof Error ? error.stack : error;
          score.addBreach(`${border}: ${what} of ${JSON.stringify(definition.members).slice(0, 300)}`);
        });
        while (score.liveRecurring.length > MAX_LIVE_RECURRING)
          await remove(ctx, score, score.liveRecurring[0] as string);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, sendNext));
  }
}

/** Sends an input up to MAX_TRIES times while a store is unavailable, because the machine may be busy. */
async function untilAnswered(count: BorderCount, send: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || tries >= MAX_TRIES) throw error;
      count.again += 1;
    }
  }
}

async function sendMessages(score: Score, side: DelayedSide, input: FuzzInput): Promise<void> {
  const count = score.countsOf("delayed");
  for (const chunk of chunks<Message>({ ...input, border: "delayed" }, messages)) {
    for (let at = 0; at < chunk.length; at += MESSAGES_PER_SEND) {
      const batch = chunk.slice(at, at + MESSAGES_PER_SEND);
      const accepted = await side.send(batch, input.seed + at / MESSAGES_PER_SEND);
      count.sent += batch.length;
      count.accepted += accepted;
      count.refused += batch.length - accepted;
    }
  }
}

async function remove(ctx: Ctx, score: Score, scheduleId: string): Promise<void> {
  score.addDeleted(scheduleId);
  await deleteSchedule({ ctx, input: { scheduleId } }).catch((error) => {
    if (error?.code !== "not_found") score.addBreach(`delete ${scheduleId}: ${error}`);
  });
}

/** Checks the worker's heartbeat every second for failed loops. */
function watchLoops(ctx: Ctx): { stop(): string[] } {
  const failed = new Set<string>();
  let stopped = false;
  void (async () => {
    while (!stopped) {
      for (const { loops } of await listWorkers(ctx.deps)) {
        for (const { name, failingSince, restarts, lastError } of loops) {
          if (failingSince !== null || restarts > 0)
            failed.add(`${name}: ${lastError ?? `restarted ${restarts} times`}`);
        }
      }
      await pause(POLL_MS);
    }
  })().catch((error) => failed.add(`reading the heartbeats: ${error}`));
  return {
    stop() {
      stopped = true;
      return [...failed];
    },
  };
}
