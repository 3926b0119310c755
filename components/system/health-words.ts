import { toSentenceCase } from "~/components/ui/format";
import type { HealthCode } from "~/server/domain/choices";
import type { HealthReason } from "~/server/domain/views";

interface Words {
  title: string;
  /** The consequence for schedules, and the remedy. */
  meaning: string;
  link: { label: string; href: string };
}

const HEALTH = { label: "Show health", href: "/system" };
const WORKERS = { label: "Show workers", href: "/system#workers" };
const BREAKERS = { label: "Show breakers", href: "/system#breakers" };

const REDIS_UNAVAILABLE =
  "Nothing fires and no schedule can be changed until Redis is back. The catch-up policy of each recurring schedule then decides about its missed runs.";
const CLICKHOUSE_UNAVAILABLE =
  "Schedules in Redis keep firing; long-term schedules cannot be created or promoted. Lists, history and analytics are missing or out of date; results are kept in Redis and recorded later.";

const HEALTH_WORDS: Record<HealthCode, Words> = {
  redis_unreachable: { title: "Redis does not respond", meaning: REDIS_UNAVAILABLE, link: HEALTH },
  redis_refuses_writes: {
    title: "Redis refuses writes",
    meaning:
      "No schedule can be created or changed, and events may not fire, until Redis accepts writes again. Missed runs then follow each schedule's catch-up policy.",
    link: HEALTH,
  },
  redis_unreadable: {
    title: "The queue in Redis cannot be read",
    meaning: "The number of due events and their lateness are unknown. Read the message and the log of a worker.",
    link: HEALTH,
  },
  redis_evicts: {
    title: "Redis deletes data when its memory is full",
    meaning: "Schedules could be lost. Set maxmemory-policy to noeviction.",
    link: HEALTH,
  },
  redis_not_durable: {
    title: "Redis does not store its data safely",
    meaning: "Schedules fire. If Redis loses its data, events that are not in ClickHouse yet are lost.",
    link: HEALTH,
  },
  self_test_accepts: {
    title: "The self-test cannot create its event",
    meaning: "New schedules and changes are probably refused too.",
    link: HEALTH,
  },
  clickhouse_unreachable: { title: "ClickHouse does not respond", meaning: CLICKHOUSE_UNAVAILABLE, link: HEALTH },
  clickhouse_breaker_open: { title: "ClickHouse fails repeatedly", meaning: CLICKHOUSE_UNAVAILABLE, link: BREAKERS },
  recording_behind: {
    title: "ClickHouse is behind",
    meaning: "Schedules fire on time. History and analytics lag; changes wait in Redis and use its memory.",
    link: HEALTH,
  },
  self_test_records: {
    title: "The self-test's results are not recorded",
    meaning: "Schedules fire. History and analytics are probably out of date.",
    link: HEALTH,
  },
  bus_unreachable: {
    title: "Events cannot be published",
    meaning:
      "After five failures in a row events are held, without counting an attempt, and published when the bus is back. Events that ran out of retries before are dead letters and can be replayed.",
    link: HEALTH,
  },
  topic_refuses: {
    title: "A topic refuses events",
    meaning: "While its breaker is open, one event is tried each minute, or sooner; the rest follow once it succeeds.",
    link: BREAKERS,
  },
  no_worker: {
    title: "No worker is alive",
    meaning: "Nothing fires. Check that a worker process is running and can reach Redis, and read its log.",
    link: WORKERS,
  },
  loop_failing: {
    title: "A part of a worker fails repeatedly",
    meaning: "The message has its last error. The worker keeps trying.",
    link: WORKERS,
  },
  firing_stuck: {
    title: "Due events are not picked up",
    meaning: "Workers run but claim nothing. Read their logs, and restart them if the logs say nothing.",
    link: WORKERS,
  },
  recording_stuck: {
    title: "Results are not recorded",
    meaning: "Schedules fire. Workers run but write nothing to ClickHouse. Read their logs.",
    link: WORKERS,
  },
  firing_late: {
    title: "Events are published late",
    meaning: "Add workers, or spread schedules that are due in the same second.",
    link: WORKERS,
  },
  firing_backlog: {
    title: "Many events are due at once",
    meaning: "They may be published late. Add workers, or spread schedules that are due in the same second.",
    link: WORKERS,
  },
  all_paused: {
    title: "All firing is paused",
    meaning:
      "No schedule fires until someone resumes all firing or the pause ends. The catch-up policy of each recurring schedule then decides about its missed runs. Run now still works.",
    link: { label: "Show details", href: "/system#pause-all" },
  },
  outcomes_missing: {
    title: "Executions are missing",
    meaning:
      "The watchdog expected them and found no outcome. Look for them with “Why didn't it fire?” on their schedules.",
    link: HEALTH,
  },
  clock_skew: {
    title: "A worker's clock is wrong",
    meaning:
      "Events still fire on time, by the clock of Redis. Times in this worker's log and of its loops are wrong. Synchronise the clock of its machine.",
    link: WORKERS,
  },
  zones_differ: {
    title: "Processes have different time zone rules",
    meaning: "They plan the same schedule at different times. Give all processes the same time zone database.",
    link: { label: "Show time zones", href: "/system#time-zones" },
  },
  quarantine_waits: {
    title: "Unreadable data needs a decision",
    meaning: "The data was set aside so that everything else continues. Retry or discard it.",
    link: { label: "Show quarantine", href: "/system#quarantine" },
  },
  self_test_fires: {
    title: "The self-test's event does not fire",
    meaning: "Due events are probably late too. Read the logs of the workers.",
    link: WORKERS,
  },
};

export function healthWords(code: HealthCode): Words {
  return HEALTH_WORDS[code];
}

/**
 * The words for a reason. The title names the topic if the message begins with it, and `detail` is the message without
 * a repetition of the title: "All firing is paused by ana" becomes "By ana".
 */
export function reasonWords({ code, message }: Pick<HealthReason, "code" | "message">): Words & { detail: string } {
  const words = HEALTH_WORDS[code];
  const title = /^Topic \S+ refuses events/.exec(message)?.[0] ?? words.title;
  // The error of the bus is a sentence of its own.
  const detail = withoutTitle(message, title).replace(/^(\d+ events? (?:is|are) held): (?=\p{Lu})/u, "$1. ");
  return { ...words, title, detail };
}

function withoutTitle(message: string, title: string): string {
  if (!message.startsWith(title)) return message;
  return toSentenceCase(message.slice(title.length).replace(/^[;:]?\s+/, ""));
}
