import type { RouterOutputs } from "~/components/trpc/client";
import type { SignalState } from "~/components/ui/signal-text";

type Capability = RouterOutputs["monitoring"]["health"]["capabilities"][number];

const TITLES: Record<Capability["name"], { title: string; purpose: string }> = {
  accepts: { title: "Accepts", purpose: "Schedules are created and changed" },
  fires: { title: "Fires", purpose: "Due events are published" },
  records: { title: "Records", purpose: "Results reach ClickHouse" },
  promotes: { title: "Promotes", purpose: "Schedules due soon move to Redis" },
  consumes: { title: "Consumes", purpose: "Delayed messages are read" },
};

const STATES: Record<Capability["state"], { state: SignalState; word: string }> = {
  ok: { state: "ok", word: "OK" },
  degraded: { state: "critical", word: "Degraded" },
  unknown: { state: "unknown", word: "Unknown" },
};

const PAUSED = {
  state: "paused",
  word: "Paused",
  purpose: "All firing is paused by a person. Only manual runs and replays are published",
} as const;

/** Texts and state of a capability. A pause of all firing is shown only if firing works, so that it hides no fault. */
export function capabilityLook({ name, state }: Pick<Capability, "name" | "state">, isAllPaused: boolean) {
  const isPaused = isAllPaused && name === "fires" && state === "ok";
  return { ...TITLES[name], ...STATES[state], ...(isPaused ? PAUSED : {}) };
}
