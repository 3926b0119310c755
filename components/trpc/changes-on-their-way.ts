/** The changes (mutations) that were sent and are not yet answered. */
export interface ChangesOnTheirWay {
  /** Counts a change as sent. Returns the function that counts it as answered; only the first call has an effect. */
  begin: () => () => void;
  /** Resolves when no change is on its way: at once if there is none. */
  ended: () => Promise<void>;
}

export function changesOnTheirWay(): ChangesOnTheirWay {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    begin: () => {
      count += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        count -= 1;
        if (count > 0) return;
        const resolves = waiting;
        waiting = [];
        for (const resolve of resolves) resolve();
      };
    },
    ended: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** The changes of this page: mutations, and posts to `/api/auth`, which may replace the session. */
export const CHANGES = changesOnTheirWay();
