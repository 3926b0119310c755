/**
 * How Node runs the web app and the worker. A burst, of events or of requests, makes many objects that live as long as
 * their batch: with the default young generation of 16 MB most would be copied several times, a quarter of the time.
 */
export const NODE_ARGS = ["--min-semi-space-size=16", "--max-semi-space-size=64"];
