import { AppError } from "~/server/domain/errors";
import { newScheduleId } from "~/server/new-schedule-id";
import type { Ctx } from "../ctx";
import { decodeAnswer, encodeAnswer } from "./answer";
import { KEY_RETENTION_MS, type KeyedRequest } from "./key";

/**
 * How long a claim blocks repeats, ms. Longer than the deadline of a request, so that a live process hardly ever loses
 * its claim.
 */
const CLAIM_MS = 20_000;

interface Claim<T> {
  /** Ids are derived from the seed, so that a request which takes over creates the same ids. */
  seed: string;
  /** The previous request's answer, if it was not final. */
  before?: T;
}

/**
 * Runs the work once per key and answers repeats with the first answer, which must be plain JSON. Does not keep a
 * refusal. If the outcome is unknown or the answer is not final, the next request runs the work again with the same
 * seed. Without a key, the seed is null. Throws `idempotency_key_reused`, `idempotency_in_progress`.
 */
export async function once<T>(
  call: {
    ctx: Ctx;
    keyed: KeyedRequest | null;
    claimMs?: number;
    /** Whether repeats get this answer. Otherwise the next repeat runs the work again, with this answer as `before`. */
    isFinal?: (answer: T) => boolean;
    /** Whether the work is known to have done nothing although a store failed. */
    didNothing?: (error: unknown) => boolean;
  },
  work: (seed: string | null, before?: T) => Promise<T>,
): Promise<T> {
  const { keyed, isFinal = () => true, didNothing = () => false } = call;
  if (keyed === null) return work(null);
  const { hot, clock, log } = call.ctx.deps;
  const { name, fingerprint } = keyed;
  const storedKey = { shard: hot.shardOf(name), name, ttlMs: KEY_RETENTION_MS };
  const claim: Claim<T> = { seed: newScheduleId() };
  const begun = await hot.answers.begin({
    ...storedKey,
    fingerprint,
    body: JSON.stringify(claim),
    lockMs: call.claimMs ?? CLAIM_MS,
  });
  if (begun.status === "known") return decodeAnswer(keyed, begun.value, clock.now()).body as T;
  // The value is this request's own claim. Decode the value as expired, so that it does not throw.
  const { seed, before } = decodeAnswer(keyed, begun.value, Number.POSITIVE_INFINITY).body as Claim<T>;
  const end = (value: string | null) => hot.answers.end({ ...storedKey, expected: begun.value, value });
  const storeEnd = (value: string | null) =>
    end(value).catch((error) => log.warn({ err: error }, "could not store the answer of an idempotency key"));
  try {
    const answer = await work(seed, before);
    const answerToStore = isFinal(answer)
      ? { untilMs: null, body: answer }
      : { untilMs: 0, body: { seed, before: answer } };
    await storeEnd(encodeAnswer(keyed, answerToStore));
    return answer;
  } catch (error) {
    const nothingWasDone = (wasRefused(error) || didNothing(error)) && before === undefined;
    await storeEnd(nothingWasDone ? null : encodeAnswer(keyed, { untilMs: 0, body: { seed, before } }));
    throw error;
  }
}

/** Whether the work certainly did nothing. */
function wasRefused(error: unknown): boolean {
  return error instanceof AppError && error.status < 500;
}
