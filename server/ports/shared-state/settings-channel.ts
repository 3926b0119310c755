/** Tells all processes that settings were saved. */
export interface SettingsChannel {
  announce(names: readonly string[]): Promise<void>;
  /** Subscribes over a connection of its own, which reconnects. Returns how to unsubscribe. */
  follow(on: { changed: () => void; failed: (error: Error) => void }): () => void;
}
