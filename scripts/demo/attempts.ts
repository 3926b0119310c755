import { retryDelayMs } from "~/server/domain/backoff";
import type { ErrorClass } from "~/server/domain/choices";
import type { Attempt } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";
import { isIn, type Story } from "./story";

/** Why an attempt fails; null if the bus accepts the message. */
type Fault = { errorClass: ErrorClass; error: string } | null;

const BUS_DOWN: Fault = { errorClass: "broker_connection", error: "connect ECONNREFUSED 10.4.1.17:6379" };
/** An error of one schedule's messages: the topic stays healthy, and its breaker closed. */
const tooLarge = (bytes: string): Fault => ({
  errorClass: "bad_payload",
  error: `The message of ${bytes} bytes is larger than the 1,048,576 bytes that the bus accepts.`,
});
const CONTACTS_TOO_LARGE = tooLarge("1,312,870");
const FEED_TOO_LARGE = tooLarge("1,204,511");

function faultAt(story: Story, schedule: Schedule, nominalMs: number, atMs: number): Fault {
  if (isIn(story.busRestart, atMs)) return BUS_DOWN;
  if (schedule.name === "crm.sync-contacts" && atMs >= story.contactsFailSince) return CONTACTS_TOO_LARGE;
  if (schedule.name === "catalog.supplier-feed" && isIn(story.tooLarge, nominalMs)) return FEED_TOO_LARGE;
  return null;
}

/** The attempts of an occurrence that was claimed at `claimedMs`. Times are epoch ms. */
export function attemptsOf(input: {
  story: Story;
  schedule: Schedule;
  nominalMs: number;
  claimedMs: number;
  workerId: string;
  random: () => number;
}): { attempts: Attempt[]; endedAt: number; fault: Fault } {
  const { story, schedule, nominalMs, workerId, random } = input;
  const attempts: Attempt[] = [];
  let at = input.claimedMs;
  for (let n = 1; ; n++) {
    const fault = faultAt(story, schedule, nominalMs, at);
    // An attempt during the restart takes 3 s until it fails.
    const durationMs = Math.round((fault === BUS_DOWN ? 3000 : 0.6 + 12 * random() ** 3) * 1000) / 1000;
    attempts.push({ n, at, durationMs, workerId, errorClass: fault?.errorClass ?? null, error: fault?.error ?? null });
    const endedAt = at + Math.ceil(durationMs);
    const isLast = n > schedule.maxRetries || fault?.errorClass === "bad_payload";
    if (fault === null || isLast) return { attempts, endedAt, fault };
    at = endedAt + retryDelayMs({ attempt: n, baseSeconds: schedule.retryDelaySeconds, random });
  }
}
