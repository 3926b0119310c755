/** Streams on the hot tier's own server, to which a claim appends messages. Each topic has one stream. */
export interface InPlaceStreams {
  /** Prefix of the streams' keys; the topic follows. */
  keyPrefix: string;
  /** The approximate maximum number of entries in a stream. */
  maxEntries: number;
  /** Prefix of topics that are not written in place, because unread entries must not be trimmed from them. */
  untrimmedPrefix: string;
}
