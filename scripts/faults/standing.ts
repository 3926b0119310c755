import { setTimeout as pause } from "node:timers/promises";
import { readRedisError } from "~/server/adapters/redis/connection/redis-errors";
import { AppError } from "~/server/domain/errors";
import { createApiKey, createUser, openCtx, revokeApiKey, signIn } from "~/server/services/access";
import type { Ctx } from "~/server/services/ctx";
import { runCleanup } from "~/server/services/monitoring";
import { createSchedule } from "~/server/services/schedules";
import { listSettings, saveSettings } from "~/server/services/settings";

const LOGIN = { email: "faults@example.com", password: "correct horse battery" };
const DAYS = 365;
const NAME = "standing";
/** Everything must work again within this time after a wipe. */
const WITHIN_MS = 10_000;
const RETRY_MS = 250;
const FAR_MS = 300 * 86_400_000;

/**
 * Data that was acknowledged before the faults and must survive them: a user, a key, a revocation, a setting, a name,
 * and the history.
 */
export interface Standing {
  /** Descriptions of deviations. */
  readonly broken: readonly string[];
  /** Number of its own schedules, which fire long after the run. */
  readonly schedules: number;
  /** Checks all of it after a fault, and runs a cleanup, which deletes by the settings. */
  check(after: string): Promise<void>;
}

export async function openStanding(ctx: Ctx): Promise<Standing> {
  const { deps } = ctx;
  await createUser({ ctx, input: { ...LOGIN, name: "Faults", role: "operator" } });
  const key = await createApiKey({ ctx, input: { name: "faults", rights: ["write"] } });
  const revoked = await createApiKey({ ctx, input: { name: "revoked", rights: ["write"] } });
  await revokeApiKey({ ctx, input: { keyId: revoked.keyId } });
  await saveSettings({ ctx, input: { values: { executionHistoryTtlDays: DAYS } } });
  await runCleanup({ ctx, input: { dryRun: false } });
  const named = { topic: "faults.a", entityType: "faults", action: "stand", name: NAME };
  const executionTime = new Date(Date.now() + FAR_MS).toISOString();
  await createSchedule({ ctx, input: { ...named, executionTime } });

  const rightsOf = async (secret: string) => {
    const headers = new Headers({ authorization: `Bearer ${secret}` });
    return (await openCtx({ deps, headers })).ctx.principal?.scopes?.join() ?? "refused";
  };
  /** Checks with their expected results. */
  const checks: Record<string, [look: () => Promise<unknown>, must: unknown]> = {
    "the user signs in as": [
      async () => (await signIn({ ctx: { ...ctx, principal: null }, input: LOGIN, browser: HERE })).principal.role,
      "operator",
    ],
    "the key has the rights": [() => rightsOf(key.secret), "write"],
    "the revoked key is": [() => rightsOf(revoked.secret), "refused"],
    "the saved setting is": [
      async () => (await listSettings({ ctx })).items.find((one) => one.name === "executionHistoryTtlDays")?.value,
      DAYS,
    ],
    "after a cleanup ClickHouse keeps the history for": [
      async () => {
        await runCleanup({ ctx, input: { dryRun: false } });
        return (await deps.store.retention()).historyDays;
      },
      DAYS,
    ],
    "a second schedule of the name is": [
      () => createSchedule({ ctx, input: { ...named, executionTime } }).then(() => "created", codeOf),
      "name_taken",
    ],
  };
  const broken: string[] = [];
  return {
    broken,
    schedules: 1,
    async check(after) {
      const deadline = Date.now() + WITHIN_MS;
      for (const [what, [look, must]] of Object.entries(checks)) {
        for (;;) {
          const found = await look().catch(codeOf);
          if (found === must) break;
          // Unavailable is allowed until the deadline; a wrong answer never is.
          if (!UNAVAILABLE.has(String(found)) || Date.now() > deadline) {
            broken.push(`after ${after}: ${what} ${String(found)}, not ${String(must)}`);
            break;
          }
          await pause(RETRY_MS);
        }
      }
    },
  };
}

const HERE = { ip: null, userAgent: "faults", device: null };

const UNAVAILABLE = new Set(["redis_unavailable", "clickhouse_unavailable", "query_timeout"]);

function codeOf(thrown: unknown): string {
  const error = readRedisError(thrown);
  return error instanceof AppError ? error.code : String(error);
}
