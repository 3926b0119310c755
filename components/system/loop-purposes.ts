import { type LoopName, loopNameOf } from "~/server/domain/loops";

const LOOP_PURPOSES = {
  execute: "Claims due events and publishes them",
  rescue: "Reclaims events whose worker died",
  record: "Writes changes and results to ClickHouse",
  promote: "Moves long-term schedules to Redis before they are due",
  breakers: "Tries topics whose breaker is open, and releases held events once it closes",
  "early-trials": "Makes a trial due once the cause of an open breaker is gone",
  consume: "Reads delayed messages",
  bulk: "Runs bulk jobs",
  pauses: "Ends pauses of schedules, and of all firing, whose time is over",
  watch: "Compares expected executions with recorded ones",
  "self-test": "Sends a test event through all steps",
  "audit-stream": "Sends the audit trail to its receivers",
  cleanup: "Deletes data past its retention",
  "virtual-clock": "Moves the virtual clock of a test installation",
  heartbeat: "Reports that this worker is alive",
} satisfies Record<LoopName, string>;

/** The purpose of a worker's loop; empty for a loop that only workers of another release have. */
export function loopPurpose(id: string): string {
  const name = loopNameOf(id);
  return name === null ? "" : LOOP_PURPOSES[name];
}
