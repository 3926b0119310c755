import type { RouterOutputs } from "~/components/trpc/client";
import type { SignalState } from "~/components/ui/signal-text";
import { reasonWords } from "./health-words";

type Health = RouterOutputs["monitoring"]["health"];
type Capability = Health["capabilities"][number];

const TITLES: Record<Capability["name"], { title: string; purpose: string }> = {
  accepts: { title: "Intake", purpose: "Schedules are created and changed" },
  fires: { title: "Firing", purpose: "Due events are published" },
  records: { title: "Recording", purpose: "Results reach ClickHouse" },
  promotes: { title: "Promotion", purpose: "Schedules due soon move to Redis" },
  consumes: { title: "Delayed topic", purpose: "Delayed messages are read" },
};

const STATES: Record<Capability["state"], { state: SignalState; word: string }> = {
  ok: { state: "ok", word: "OK" },
  degraded: { state: "critical", word: "Degraded" },
  unknown: { state: "unknown", word: "Unknown" },
};

const PAUSED = {
  state: "paused",
  word: "Paused",
  purpose: "All firing is paused. Only manual runs and replays are published",
} as const;

/** Texts and state of a capability. A pause of all firing is shown only if firing works, so that it hides no fault. */
export function capabilityLook({ name, state }: Pick<Capability, "name" | "state">, isAllPaused: boolean) {
  const isPaused = isAllPaused && name === "fires" && state === "ok";
  return { ...TITLES[name], ...STATES[state], ...(isPaused ? PAUSED : {}) };
}

/** The problem of a capability in a few words, because the page lists the reasons in full; null for none. */
export function shortReason({ reason }: Pick<Capability, "reason">, reasons: Health["reasons"]): string | null {
  const [first, ...more] = reasons.filter(({ message }) => reason?.includes(message));
  if (first === undefined) return reason;
  return more.length === 0 ? reasonWords(first).title : `${more.length + 1} problems, listed above`;
}
