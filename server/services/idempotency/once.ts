import { AppError } from "~/server/domain/errors";
import { newScheduleId } from "~/server/new-schedule-id";
import type { Ctx } from "../ctx";
import { decodeAnswer, encodeAnswer } from "./answer";
import { KEEP_MS, type Keyed } from "./key";

/** Longer than any request lives. Only a request whose process died is taken over. */
const CLAIM_MS = 20_000;

interface Claim<T> {
  /** The same for whoever takes over: what the work makes derives its ids from it. */
  seed: string;
  /** What the last request under the key answered, where that was not final. */
  before?: T;
}

/**
 * Does the work once for a key, and answers a repeat with what the first request answered, which must be plain JSON. A
 * refusal is not kept, as nothing was done. Where it is not known what was done, the next request with the key goes on
 * with the same seed, and with the answer before, if that was not final. Without a key the work is just done, with a
 * null seed. Throws `idempotency_key_reused`, `idempotency_in_progress`.
 */
export async function once<T>(
  call: { ctx: Ctx; keyed: Keyed | null; claimMs?: number; isFinal?: (answer: T) => boolean },
  work: (seed: string | null, before?: T) => Promise<T>,
): Promise<T> {
  const { keyed, isFinal = () => true } = call;
  if (keyed === null) return work(null);
  const { hot, clock, log } = call.ctx.deps;
  const { name, fingerprint } = keyed;
  const at = { shard: hot.shardOf(name), name, ttlMs: KEEP_MS };
  const claim: Claim<T> = { seed: newScheduleId() };
  const begun = await hot.answers.begin({
    ...at,
    fingerprint,
    body: JSON.stringify(claim),
    lockMs: call.claimMs ?? CLAIM_MS,
  });
  if (begun.status === "known") return decodeAnswer(keyed, begun.value, clock.now()).body as T;
  // The claim is ours, so it is read as one that has run out.
  const { seed, before } = decodeAnswer(keyed, begun.value, Number.POSITIVE_INFINITY).body as Claim<T>;
  const end = (value: string | null) => hot.answers.end({ ...at, expected: begun.value, value });
  const tellEnd = (value: string | null) =>
    end(value).catch((error) => log.warn({ err: error }, "end of an idempotency key not stored"));
  try {
    const answer = await work(seed, before);
    const kept = isFinal(answer) ? { untilMs: null, body: answer } : { untilMs: 0, body: { seed, before: answer } };
    await tellEnd(encodeAnswer(keyed, kept));
    return answer;
  } catch (error) {
    const isNothing = wasRefused(error) && before === undefined;
    await tellEnd(isNothing ? null : encodeAnswer(keyed, { untilMs: 0, body: { seed, before } }));
    throw error;
  }
}

/** Surely nothing was done. Any other failure may have come after the work. */
function wasRefused(error: unknown): boolean {
  return error instanceof AppError && error.status < 500;
}
