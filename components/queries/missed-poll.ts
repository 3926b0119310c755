interface PolledQuery {
  state: { dataUpdatedAt: number; errorUpdatedAt: number };
  observers: readonly { options: { refetchInterval?: unknown } }[];
}

/** Whether the query is polled, or would be without a hold, and had no answer for at least `everyMs`. */
export function hasMissedPoll({ state, observers }: PolledQuery, everyMs: number, nowMs: number): boolean {
  const isPolled = observers.some(({ options }) => options.refetchInterval !== undefined);
  return isPolled && nowMs - Math.max(state.dataUpdatedAt, state.errorUpdatedAt) >= everyMs;
}
