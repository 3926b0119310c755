/** Tells all processes that settings, payload schemas or protection rules have changed. */
export interface SettingsChannel {
  announce(names: readonly string[]): Promise<void>;
  /** Subscribes over a separate connection. Returns a function to unsubscribe. */
  follow(on: { changed: () => void; failed: (error: Error) => void }): () => void;
}
