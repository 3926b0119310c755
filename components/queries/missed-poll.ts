interface PolledQuery {
  state: { dataUpdatedAt: number; errorUpdatedAt: number };
  observers: readonly { options: { refetchInterval?: unknown } }[];
}

/** Whether the query is polled and had no answer for `everyMs`, because its polls were held back. */
export function hasMissedPoll({ state, observers }: PolledQuery, everyMs: number, nowMs: number): boolean {
  const isPolled = observers.some(({ options }) => options.refetchInterval !== undefined);
  return isPolled && nowMs - Math.max(state.dataUpdatedAt, state.errorUpdatedAt) >= everyMs;
}
