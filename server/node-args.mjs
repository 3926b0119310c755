/**
 * Node's arguments for the web app and the worker. A burst of events or requests creates many objects that live as long
 * as their batch. With the default young generation of 16 MB, most of them would be copied several times, which took a
 * quarter of the process's time.
 */
export const NODE_ARGS = ["--min-semi-space-size=16", "--max-semi-space-size=64"];
