import type { RouterOutputs } from "~/components/trpc/client";
import { type LoopName, loopNameOf } from "~/server/domain/loops";

type Reason = RouterOutputs["monitoring"]["health"]["reasons"][number];

const DOWN: Record<Reason["service"], { title: string; meaning: string }> = {
  redis: {
    title: "Redis does not respond or refuses writes",
    meaning:
      "Nothing fires and no schedule can be changed until Redis is back. Missed runs then follow each schedule's catch-up policy.",
  },
  clickhouse: {
    title: "ClickHouse does not respond",
    meaning:
      "Schedules keep firing. Lists, history and analytics are missing or out of date; results are kept in Redis and recorded later.",
  },
  bus: {
    title: "Events cannot be published",
    meaning:
      "After five failures in a row events are held, without counting an attempt, and published when the bus is back. Events that ran out of retries before are dead letters and can be replayed.",
  },
  worker: {
    title: "Schedules do not fire on time",
    meaning: "Check that a worker process is running and can reach Redis, and read its log.",
  },
  settings: { title: "Some settings are invalid", meaning: "The last valid values stay in force." },
};

const STRAINED: Record<Reason["service"], { title: string; meaning: string }> = {
  redis: { title: "Redis is degraded", meaning: "Schedules fire, but Redis needs attention." },
  clickhouse: {
    title: "ClickHouse is behind",
    meaning: "Schedules fire on time. History and analytics lag; changes wait in Redis and use its memory.",
  },
  bus: {
    title: "A topic refuses events",
    meaning: "Its events are held. One is tried each minute; the rest follow once it succeeds.",
  },
  worker: {
    title: "Workers are overloaded",
    meaning: "Events may be published late. Add workers, or spread schedules that are due in the same second.",
  },
  settings: DOWN.settings,
};

/** The title and the consequence of a reason of the health check. */
export function inPlainWords(reason: Reason): { title: string; meaning: string } {
  return (reason.severity === "critical" ? DOWN : STRAINED)[reason.service];
}

const LOOP_PURPOSES = {
  execute: "Claims due events and publishes them",
  rescue: "Reclaims events whose worker died",
  record: "Writes changes and results to ClickHouse",
  promote: "Moves long-term schedules to Redis before they are due",
  breakers: "Retries topics whose breaker is open, and publishes held events once it closes",
  "early-trials": "Retries sooner once the cause of an open breaker is gone",
  consume: "Reads delayed messages",
  bulk: "Runs bulk jobs",
  pauses: "Resumes schedules whose pause has ended",
  watch: "Compares expected executions with recorded ones",
  "self-test": "Sends a test event through all steps",
  cleanup: "Deletes data past its retention",
  heartbeat: "Reports that this worker is alive",
} satisfies Record<LoopName, string>;

/** What a worker's loop is for; empty for a loop of another version of the worker. */
export function loopPurpose(id: string): string {
  const name = loopNameOf(id);
  return name === null ? "" : LOOP_PURPOSES[name];
}
