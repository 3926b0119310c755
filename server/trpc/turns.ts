/** Runs work with limited concurrency, in order of arrival. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns(limit: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    // A finished call passes its slot to the next waiting call, so `running` does not change.
    if (running >= limit) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
