/** How long an answer counts as fresh, at least. */
const FRESH_MS = 15_000;
/** An answer stays fresh at least this many times as long as its computation took: slow ones are repeated rarely. */
const FRESH_PER_COMPUTATION = 20;
/** How long an answer that is not fresh any more is still served at once, while a new one is computed. */
const STALE_MS = 5 * 60_000;
/** The most recently used answers are kept. An answer with the groups of many schedules takes about 10 MB. */
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
  /** The computation of the answer that will replace this one. */
  renewal: Promise<Timed<unknown>> | null;
}

/** A cache of computed answers: concurrent callers, and those shortly after, share one. A failure is not kept. */
export interface SharedAnswers {
  /** `fresh`: waits for a new answer instead of returning one that is no longer fresh. */
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
      // A caller that gets the old answer does not await the renewal; its failure must not be an unhandled rejection.
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
