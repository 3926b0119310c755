/** Runs tasks at most `count` at a time, in the order in which they came. */
export interface Lanes {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createLanes(count: number): Lanes {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        // A lane is handed on, not put back: whoever comes in between must queue.
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

/** Left for files, compression and the statement that kills another. */
const SPARE_THREADS = 2;
/** What libuv starts when nobody says otherwise. */
const DEFAULT_THREADS = 4;

/**
 * How many calls into the engine may run at once. Each holds a thread of libuv's pool, whose size is fixed by
 * `UV_THREADPOOL_SIZE` before the process begins: if calls took them all, neither files nor a kill could move.
 */
export function laneCount(env: NodeJS.ProcessEnv): number {
  const threads = Number(env.UV_THREADPOOL_SIZE);
  return Math.max(2, (Number.isInteger(threads) && threads > 0 ? threads : DEFAULT_THREADS) - SPARE_THREADS);
}
