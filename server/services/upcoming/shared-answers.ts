/** An answer is fresh for at least this long. */
const FRESH_MS = 15_000;
/**
 * An answer is fresh for at least this many times the duration of its computation, so that slow computations are rare.
 */
const FRESH_PER_COMPUTATION = 20;
/** For this long after it was fresh, an answer is still served while a new one is computed. */
const STALE_MS = 5 * 60_000;
/** Maximum number of answers to keep. An answer with the groups of many schedules takes about 10 MB. */
const MAX_ANSWERS = 24;

interface Timed<T> {
  value: T;
  /** When the computation began, epoch ms. */
  atMs: number;
}

interface Answer {
  value: Promise<unknown>;
  atMs: number;
  freshUntilMs: number;
  /** The computation of the next answer. */
  renewal: Promise<Timed<unknown>> | null;
}

/** A cache of computed answers. A failure is not kept. */
export interface SharedAnswers {
  /** With `fresh`, waits for a new answer instead of returning a stale one. */
  get<T>(key: string, compute: () => Promise<T>, options?: { fresh: boolean }): Promise<Timed<T>>;
}

/** @param now epoch ms */
export function createSharedAnswers(now: () => number): SharedAnswers {
  const answers = new Map<string, Answer>();

  function keep(key: string, answer: Answer): void {
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > MAX_ANSWERS) answers.delete(answers.keys().next().value as string);
  }

  function begin<T>(compute: () => Promise<T>): { answer: Answer; ended: Promise<Timed<T>> } {
    const atMs = now();
    const value = compute();
    const answer: Answer = { value, atMs, freshUntilMs: Number.POSITIVE_INFINITY, renewal: null };
    const ended = value.then((found) => {
      answer.freshUntilMs = atMs + Math.max(FRESH_MS, FRESH_PER_COMPUTATION * (now() - atMs));
      return { value: found, atMs };
    });
    return { answer, ended };
  }

  async function computeFirst<T>(key: string, compute: () => Promise<T>): Promise<Timed<T>> {
    for (const [oldKey, { freshUntilMs }] of answers) if (freshUntilMs + STALE_MS <= now()) answers.delete(oldKey);
    const { answer, ended } = begin(compute);
    keep(key, answer);
    try {
      return await ended;
    } catch (error) {
      if (answers.get(key) === answer) answers.delete(key);
      throw error;
    }
  }

  /** Computes the answer that will replace `known`, once for concurrent callers. */
  function renew<T>(key: string, known: Answer, compute: () => Promise<T>): Promise<Timed<T>> {
    if (known.renewal === null) {
      const { answer, ended } = begin(compute);
      known.renewal = ended.then(
        (found) => {
          if (answers.get(key) === known) keep(key, answer);
          return found;
        },
        (error: unknown) => {
          known.renewal = null;
          throw error;
        },
      );
      // A caller that gets the old answer does not await the renewal, whose rejection would be unhandled.
      known.renewal.catch(() => undefined);
    }
    return known.renewal as Promise<Timed<T>>;
  }

  return {
    async get<T>(key: string, compute: () => Promise<T>, { fresh } = { fresh: false }) {
      const known = answers.get(key);
      if (known === undefined || now() >= known.freshUntilMs + STALE_MS) return computeFirst(key, compute);
      keep(key, known);
      if (now() >= known.freshUntilMs) {
        const renewal = renew(key, known, compute);
        if (fresh) return renewal;
      }
      return { value: (await known.value) as T, atMs: known.atMs };
    },
  };
}
