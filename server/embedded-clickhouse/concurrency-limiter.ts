/** Runs at most `limit` tasks at once. Waiting tasks start in the order of their calls. */
export interface ConcurrencyLimiter {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createConcurrencyLimiter(limit: number): ConcurrencyLimiter {
  let free = limit;
  const waiting: (() => void)[] = [];
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        // The slot goes directly to the next waiting task, so that a new task cannot overtake it.
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

/** Threads that remain for file access, compression and killing queries. */
const SPARE_THREADS = 2;
/** The number of threads that libuv starts by default. */
const DEFAULT_THREADS = 4;

/**
 * The maximum number of concurrent calls into the engine, at least 2. Each call blocks a thread of libuv's pool, whose
 * size is `UV_THREADPOOL_SIZE`; file access and killing queries need spare threads. In a pool of fewer than 4 threads,
 * fewer than 2 threads are spare.
 */
export function concurrencyLimit(env: NodeJS.ProcessEnv): number {
  const threads = Number(env.UV_THREADPOOL_SIZE);
  return Math.max(2, (Number.isInteger(threads) && threads > 0 ? threads : DEFAULT_THREADS) - SPARE_THREADS);
}
