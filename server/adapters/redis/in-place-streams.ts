/** Streams on the hot tier's own server, to which a claim appends messages. Each topic has one stream. */
export interface InPlaceStreams {
  /** Prefix of the streams' keys; the topic follows. */
  keyPrefix: string;
  /** The approximate maximum number of entries in a stream. */
  maxEntries: number;
  /**
   * Topics with this prefix are not published in place: publishing in place trims a stream to `maxEntries`, but unread
   * entries of these topics must be kept.
   */
  untrimmedPrefix: string;
}
