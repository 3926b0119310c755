import { setTimeout as pause } from "node:timers/promises";
import { toRedisUnavailable } from "~/server/adapters/redis/connection/redis-errors";
import { AppError } from "~/server/domain/errors";
import { createApiKey, createUser, openCtx, revokeApiKey, signIn } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { runCleanup } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { listSettings, saveSettings } from "~/server/services/settings";

const LOGIN = { email: "faults@example.com", password: "correct horse battery" };
const HISTORY_DAYS = 365;
const NAME = "prior-data";
/** How long after the repair of a fault a store may be unavailable. */
const RECOVERY_LIMIT_MS = 10_000;
const RETRY_MS = 250;
/** How far ahead the schedule of this data fires: long after the end of any run of the faults. */
const FAR_MS = 300 * 86_400_000;

/**
 * Data that was acknowledged before the faults and must survive them: a user, an API key, the revocation of a key, a
 * setting, a schedule name and the retention of the history.
 */
export interface PriorData {
  /** Descriptions of data that was lost or changed. */
  readonly deviations: readonly string[];
  /** Number of schedules in this data. */
  readonly schedules: number;
  /** Checks this data after a fault. Also runs a cleanup, which must keep the retention of the setting. */
  check(fault: string): Promise<void>;
}

export async function createPriorData(ctx: Ctx): Promise<PriorData> {
  const { deps } = ctx;
  await createUser({ ctx, input: { ...LOGIN, name: "Faults", role: "editor" } });
  const key = await createApiKey({ ctx, input: { name: "faults", rights: ["schedules:edit"] } });
  const revoked = await createApiKey({ ctx, input: { name: "revoked", rights: ["schedules:edit"] } });
  await revokeApiKey({ ctx, input: { keyId: revoked.keyId } });
  await saveSettings({ ctx, input: { values: { executionHistoryTtlDays: HISTORY_DAYS } } });
  await runCleanup({ ctx, input: { dryRun: false } });
  const definition = { topic: "faults.a", entityType: "faults", action: "wait", name: NAME };
  const executionTime = new Date(Date.now() + FAR_MS).toISOString();
  await createSchedule({ ctx, input: { ...definition, executionTime } });

  const rightsOf = async (secret: string) => {
    const headers = new Headers({ authorization: `Bearer ${secret}` });
    return (await openCtx({ deps, headers })).ctx.principal?.rights?.join() ?? "refused";
  };
  /** Checks and their expected results. A name and a result form a sentence of the report. */
  const checks: Record<string, [find: () => Promise<unknown>, expected: unknown]> = {
    "the user signs in as": [
      async () => {
        const answer = await signIn({ ctx: { ...ctx, principal: null }, input: LOGIN, browser: BROWSER });
        return "challenge" in answer ? "asked for a second factor" : answer.principal.role;
      },
      "editor",
    ],
    "the key has the rights": [() => rightsOf(key.secret), "schedules:edit"],
    "the revoked key is": [() => rightsOf(revoked.secret), "refused"],
    "the saved setting is": [
      async () => (await listSettings({ ctx })).items.find((one) => one.name === "executionHistoryTtlDays")?.value,
      HISTORY_DAYS,
    ],
    "the days for which ClickHouse keeps the history after a cleanup are": [
      async () => {
        await runCleanup({ ctx, input: { dryRun: false } });
        return (await deps.store.retention()).historyDays;
      },
      HISTORY_DAYS,
    ],
    "a second schedule with the same name is": [
      () => createSchedule({ ctx, input: { ...definition, executionTime } }).then(() => "created", codeOf),
      "name_taken",
    ],
  };
  const deviations: string[] = [];
  return {
    deviations,
    schedules: 1,
    async check(fault) {
      const deadline = Date.now() + RECOVERY_LIMIT_MS;
      for (const [name, [find, expected]] of Object.entries(checks)) {
        for (;;) {
          const found = await find().catch(codeOf);
          if (found === expected) break;
          // Until the deadline, a store may be unavailable. A wrong answer is never allowed.
          if (!UNAVAILABLE.has(String(found)) || Date.now() > deadline) {
            deviations.push(`after ${fault}: ${name} ${String(found)}, not ${String(expected)}`);
            break;
          }
          await pause(RETRY_MS);
        }
      }
    },
  };
}

const BROWSER = { ip: null, userAgent: "faults", device: null };

/** Error codes of a store that is still down. */
const UNAVAILABLE = new Set(["redis_unavailable", "clickhouse_unavailable", "query_timeout"]);

function codeOf(thrown: unknown): string {
  const error = toRedisUnavailable(thrown);
  return error instanceof AppError ? error.code : String(error);
}
