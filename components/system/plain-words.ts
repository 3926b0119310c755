import type { RouterOutputs } from "~/components/trpc/client";
import { type LoopName, loopNameOf } from "~/server/domain/loops";

type Reason = RouterOutputs["monitoring"]["health"]["reasons"][number];

const DOWN: Record<Reason["service"], { title: string; meaning: string }> = {
  redis: {
    title: "Redis does not answer, or takes no writes",
    meaning:
      "Nothing fires and no schedule can be changed until it is back. Runs missed meanwhile are treated as each schedule's catch-up policy says.",
  },
  clickhouse: {
    title: "ClickHouse does not answer",
    meaning:
      "Schedules keep firing. Lists, history and analytics are missing or old; what happens meanwhile waits in Redis and is written down later.",
  },
  bus: {
    title: "Events cannot be published",
    meaning:
      "After five failures in a row events are held, without an attempt counted, and go out when the bus is back. What ran out of retries before is dead and can be replayed.",
  },
  worker: {
    title: "Schedules do not fire in time",
    meaning: "Check that a worker process runs and reaches Redis, and what its log says.",
  },
  settings: { title: "The settings are not in order", meaning: "What was valid last stays in force." },
};

const STRAINED: Record<Reason["service"], { title: string; meaning: string }> = {
  redis: { title: "Redis is strained", meaning: "Schedules fire, but Redis needs attention before it stops." },
  clickhouse: {
    title: "ClickHouse falls behind",
    meaning: "Schedules fire on time. History and analytics lag; changes wait in Redis and take its memory.",
  },
  bus: {
    title: "A topic refuses events",
    meaning: "Its events are held and counted; one tries each minute, and the rest follow once it succeeds.",
  },
  worker: {
    title: "The workers are strained",
    meaning: "Events may go out late. More workers, or fewer schedules at the same second, would help.",
  },
  settings: DOWN.settings,
};

/** A reason of the health check as a person would say it: what is wrong, and what follows from it. */
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
