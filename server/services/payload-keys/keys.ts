import { AppError } from "~/server/domain/errors";
import { keyIdOf } from "~/server/domain/protection/sealed";
import type { SealedGroup } from "~/server/ports/store/schedules";
import { requireRight } from "../access/require-right";
import { writeAudit } from "../audit";
import type { Ctx } from "../ctx";
import { SYSTEM_PRINCIPAL } from "../principal";
import { currentSchedule } from "../schedules/current";
import { patchedDefinition } from "../schedules/patched";
import { editSchedule } from "../schedules/update";
import type { EncryptAgainInput } from "./inputs";

/** Schedules per read. */
const PAGE = 200;

/** A key, and how many stored schedules are encrypted with it. */
export interface PayloadKey {
  id: string;
  /** Whether this process has the key. */
  isConfigured: boolean;
  /** Whether it encrypts new payloads. */
  isFirst: boolean;
  schedules: number;
}

export interface PayloadKeys {
  keys: PayloadKey[];
  /** Schedules to encrypt with the first key, or to decrypt. Completed schedules are left out. */
  pending: number;
}

/** Returns the keys that encrypt payloads, with counts. The counts leave out schedules that are not recorded yet. */
export async function getPayloadKeys({ ctx }: { ctx: Ctx }): Promise<PayloadKeys> {
  requireRight(ctx, "schedules:read");
  return keysOf(ctx, await groupsOf(ctx));
}

/** Empty, without a query, if this process has no key and no rule encrypts. */
async function groupsOf({ deps }: Ctx): Promise<SealedGroup[]> {
  const isUsed = deps.env.payloadKeys.length > 0 || deps.protection.encrypts(null);
  return isUsed ? deps.store.sealedGroups() : [];
}

function keysOf(ctx: Ctx, groups: readonly SealedGroup[]): PayloadKeys {
  const { payloadKeys } = ctx.deps.env;
  const counts = new Map<string, number>(payloadKeys.map(({ id }) => [id, 0]));
  for (const { start, total } of groups) {
    const id = keyIdOf(start);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + total);
  }
  const keys = [...counts].map(([id, schedules]) => ({
    ...{ id, schedules },
    isConfigured: payloadKeys.some((key) => key.id === id),
    isFirst: payloadKeys[0]?.id === id,
  }));
  return { keys, pending: pendingOf(ctx, groups).reduce((sum, { open }) => sum + open, 0) };
}

/** The groups of schedules to encrypt with the first key, or to decrypt because no rule encrypts their topic now. */
function pendingOf({ deps }: Ctx, groups: readonly SealedGroup[]): SealedGroup[] {
  const first = deps.env.payloadKeys[0]?.id;
  const wanted = (topic: string) => (deps.protection.encrypts(topic) ? first : null);
  return groups.filter(({ topic, start, open }) => open > 0 && keyIdOf(start) !== wanted(topic));
}

/**
 * Encrypts schedules with the first key: those of earlier keys, and those that are older than the rule of their topic.
 * Decrypts schedules whose topic is not encrypted any more. Changes up to `limit` schedules; each gets a new version
 * and counts in `encrypted`. Repeat until `encrypted` is 0. Skips schedules that cannot be edited or decrypted, such
 * as running one-time schedules, without counting them towards `limit`. Throws `conflict` without a key.
 */
export async function encryptAgain(call: {
  ctx: Ctx;
  input: EncryptAgainInput;
}): Promise<PayloadKeys & { encrypted: number; skipped: number }> {
  const { ctx, input } = call;
  requireRight(ctx, "system:operate");
  const [first] = ctx.deps.env.payloadKeys;
  if (first === undefined) throw new AppError("conflict", "PAYLOAD_ENCRYPTION_KEYS is not set.");
  const groups = await groupsOf(ctx);
  const pending = pendingOf(ctx, groups);
  const withoutKey = pending.filter((group) => !hasKey(ctx, group));
  const counts = { encrypted: 0, skipped: withoutKey.reduce((sum, { open }) => sum + open, 0), done: 0 };
  const readable = pending.filter((group) => hasKey(ctx, group));
  for await (const id of idsOf(ctx, readable)) {
    counts[await encryptOne(ctx, id, first.id)] += 1;
    if (counts.encrypted >= input.limit) break;
  }
  const { done, ...report } = counts;
  await writeAudit(ctx, { action: "system.encrypt", target: first.id, after: report });
  const keys = keysOf(ctx, groups);
  return { ...keys, pending: Math.max(0, keys.pending - report.encrypted - done), ...report };
}

/** Whether this process has the key of the group's payloads, or needs none. */
function hasKey({ deps }: Ctx, { start }: SealedGroup): boolean {
  const id = keyIdOf(start);
  return id === null || deps.env.payloadKeys.some((key) => key.id === id);
}

async function* idsOf({ deps }: Ctx, groups: readonly SealedGroup[]): AsyncGenerator<string> {
  for (const { topic, start } of groups) {
    let ids: string[] = [];
    do {
      ids = await deps.store.idsOfSealedGroup({ topic, start, afterId: ids.at(-1), limit: PAGE });
      yield* ids;
    } while (ids.length === PAGE);
  }
}

/** `done`: an earlier change encrypted or decrypted the schedule, and ClickHouse does not have its new row yet. */
type Outcome = "encrypted" | "skipped" | "done";

async function encryptOne(ctx: Ctx, scheduleId: string, keyId: string): Promise<Outcome> {
  try {
    // ClickHouse may not have the newest row yet.
    const { topic, payload } = await currentSchedule(ctx.deps, scheduleId);
    const isEncrypted = ctx.deps.protection.encrypts(topic);
    if (keyIdOf(payload) === (isEncrypted ? keyId : null)) return "done";
    await editSchedule({
      ctx: { ...ctx, principal: SYSTEM_PRINCIPAL },
      input: { scheduleId },
      definition: (current) => patchedDefinition(current, {}),
      note: isEncrypted ? `Encrypted with the key ${keyId}` : "Decrypted",
      onlyEncrypts: true,
    });
    return "encrypted";
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    ctx.deps.log.warn(
      { scheduleId, reason: error.message },
      "a schedule could not be encrypted with the first key or decrypted",
    );
    return "skipped";
  }
}
