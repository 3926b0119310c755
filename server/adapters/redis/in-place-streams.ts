/** Streams on the hot tier's own server, to which a claim appends. One topic is one stream. */
export interface InPlaceStreams {
  /** Prefix of the streams' keys; the topic follows. */
  keyPrefix: string;
  /** The approximate bound of a stream's entries. */
  maxEntries: number;
  /** Prefix of topics that are not written in place, because unread entries must not be trimmed from them. */
  untrimmedPrefix: string;
}
