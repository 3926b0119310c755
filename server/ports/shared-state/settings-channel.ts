/** Tells every process that settings were saved. */
export interface SettingsChannel {
  announce(names: readonly string[]): Promise<void>;
  /** Follows the channel over a connection of its own, which comes back by itself. Answers how to end that. */
  follow(on: { changed: () => void; failed: (error: Error) => void }): () => void;
}
