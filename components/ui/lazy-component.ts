"use client";

import { type ComponentType, useSyncExternalStore } from "react";

export interface LazyComponent<Props> {
  /** Loads the component. After a failed load, the next call tries again. */
  load(): void;
  /** Null until the component is loaded. */
  useLoaded(): ComponentType<Props> | null;
}

export function lazyComponent<Props>(read: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading = false;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    load() {
      if (loaded || loading) return;
      loading = true;
      void read()
        .then(
          (component) => {
            loaded = component;
            for (const notify of listeners) notify();
          },
          // A failed load is not reported, because the next call tries again.
          () => {},
        )
        .finally(() => {
          loading = false;
        });
    },
    useLoaded: () =>
      useSyncExternalStore(
        subscribe,
        () => loaded,
        () => null,
      ),
  };
}
