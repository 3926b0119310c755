/**
 * How Node runs a worker. A burst makes many objects that live as long as their batch: with the default young generation of 16 MB most
 * would be copied several times, a quarter of the worker's time.
 */
export const WORKER_NODE_ARGS = ["--min-semi-space-size=16", "--max-semi-space-size=64", "--import", "tsx"];
