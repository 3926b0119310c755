import { LANES } from "../keys";
import { defineScript } from "./script";

/* The comment at the beginning of each Lua file describes the keys, arguments and reply. */

const lanes = LANES.map((lane) => `due${lane}` as const);

export const putScript = defineScript("put.lua", {
  keys: [
    ...lanes,
    "sched",
    "plan",
    "occ",
    "fence",
    "fenceExp",
    "outbox",
    "seen",
    "held",
    "heldAt",
    "heldUntil",
    "epoch",
  ],
  args: ["wake", "count", "answer", "answerMs", "entry", "entryIds"],
});
export const promoteScript = defineScript("promote.lua", {
  keys: [...lanes, "sched", "plan", "fence", "fenceExp", "outbox"],
  args: ["wake", "count"],
});
export const enqueueScript = defineScript("enqueue.lua", {
  keys: [...lanes, "sched", "plan", "occ", "fence", "fenceExp", "paused", "outbox"],
  args: [
    ...["wake", "id", "head", "rest", "version", "completed", "deleted"],
    ...["next", "runs", "key", "times", "lane", "meta"],
    ...["answer", "answerMs", "entry"],
  ],
});
export const claimScript = defineScript("claim.lua", {
  keys: [...lanes, "sched", "plan", "occ", "lease", "fence", "fenceExp", "outbox", "paused", "epoch"],
  args: [
    ...["limit", "catchUpLimit", "leaseMs", "graceMs", "token", "previousPause", "busElsewhere"],
    ...["streams", "maxEntries", "untrimmedPrefix", "claimOnly", "worker", "namespace"],
  ],
});
export const settleScript = defineScript("settle.lua", {
  keys: [...lanes, "sched", "plan", "occ", "lease", "fence", "fenceExp", "outbox", "held", "heldAt", "heldUntil"],
  args: ["wake", "count", "shared"],
});
export const replanScript = defineScript("replan.lua", {
  keys: [...lanes, "sched", "plan", "occ", "lease", "fence", "fenceExp", "outbox"],
  args: ["wake", "id", "token", "version", "last", "tail", "data", "blobs", "instances"],
});
export const setAsideScript = defineScript("set_aside.lua", {
  keys: ["sched", "plan", "occ", "lease", "outbox"],
  args: ["token", "key", "id", "reason"],
});
export const giveBackScript = defineScript("give_back.lua", {
  keys: [...lanes, "sched", "occ"],
  args: ["wake", "kind", "key", "bytes"],
});
export const rescueScript = defineScript("rescue.lua", {
  keys: [...lanes, "sched", "occ", "lease"],
  args: ["wake", "limit"],
});
export const extendScript = defineScript("extend.lua", { keys: ["lease"], args: ["token", "leaseMs"] });
export const getScript = defineScript("get.lua", { keys: ["sched", "plan", "occ"], args: ["bare"] });
export const batchReadScript = defineScript("batch_read.lua", {
  keys: ["outbox", "batch"],
  args: ["limit", "bytes", "after"],
});
export const batchAckScript = defineScript("batch_ack.lua", {
  keys: ["outbox", "batch", "auditHead"],
  args: ["last", "after", "next", "head"],
});
export const fenceAckScript = defineScript("fence_ack.lua", {
  keys: ["fence", "fenceExp"],
  args: ["fenceTtlMs", "deletedTtlMs"],
});
export const expireFencesScript = defineScript("expire_fences.lua", {
  keys: ["fence", "fenceExp", "held", "plan"],
  args: ["limit"],
});
export const statsScript = defineScript("stats.lua", {
  keys: [...lanes, "sched", "lease", "outbox", "fence", "held", "heldAt"],
  args: ["selfTestId"],
});
export const releaseNameScript = defineScript("release_name.lua", { keys: ["name"], args: ["id"] });
export const upcomingScript = defineScript("upcoming.lua", {
  keys: [...lanes, "sched", "plan"],
  args: ["limit"],
});
export const listInstancesScript = defineScript("list_instances.lua", { keys: ["occ", "lease"], args: ["limit"] });
export const leaseHoldersScript = defineScript("lease_holders.lua", { keys: ["lease"], args: ["selfTestId"] });
export const inFlightScript = defineScript("in_flight.lua", {
  keys: [...lanes, "sched", "occ", "lease", "held", "heldAt", "heldUntil"],
  args: ["selfTestId", "cursor", "scan", "limit", "want", "topic", "id"],
});
export const heldClaimScript = defineScript("held_claim.lua", {
  keys: [...lanes, "sched", "plan", "occ", "lease", "fence", "held", "heldAt", "heldUntil", "outbox", "paused"],
  args: ["wake", "topic", "limit", "leaseMs", "token"],
});
export const heldDrainScript = defineScript("held_drain.lua", {
  keys: [...lanes, "held", "heldAt", "heldUntil"],
  args: ["wake", "topic", "limit"],
});
export const heldExpireScript = defineScript("held_expire.lua", {
  keys: [...lanes, "held", "heldAt", "heldUntil"],
  args: ["wake", "limit"],
});
export const heldTopicsScript = defineScript("held_topics.lua", { keys: ["held"] });
export const copyDocumentsScript = defineScript("copy_documents.lua", { keys: ["rows", "versions", "index"] });
export const answerBeginScript = defineScript("answer_begin.lua", {
  keys: [],
  args: ["fingerprint", "body", "lockMs", "answerMs"],
});
export const answerEndScript = defineScript("answer_end.lua", { keys: [], args: ["expected", "answer", "answerMs"] });
export const rebuildEndScript = defineScript("rebuild_end.lua", { keys: ["epoch", "rebuild"], args: ["token"] });
export const moveClockScript = defineScript("move_clock.lua", { keys: ["offset"], args: ["to"] });
export const lockHoldScript = defineScript("lock_hold.lua", { keys: ["lock"], args: ["holder", "ttlMs"] });
export const lockReleaseScript = defineScript("lock_release.lua", { keys: ["lock"], args: ["holder"] });
export const breakerSwapScript = defineScript("breaker_swap.lua", { keys: ["breakers"], args: ["name", "from", "to"] });
