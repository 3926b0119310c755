import type { Locks } from "./locks";

/** What all processes share beside the hot tier. It lives in Redis. */
export interface SharedState {
  locks: Locks;
}
