import type { BulkJob } from "./job";

/** The actions that can be undone. */
export const UNDOABLE: readonly BulkJob["action"][] = ["pause", "resume", "retag", "spread"];
