/** Streams on the hot tier's own server, which a claim may append to. One topic is one stream. */
export interface InPlaceStreams {
  /** Of the streams' keys; the topic follows. */
  keyPrefix: string;
  /** About how many entries a stream keeps. */
  maxEntries: number;
  /** Topics that begin so are not written to in place: nothing unread may be trimmed from them. */
  untrimmed: string;
}
