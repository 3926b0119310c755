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

/** Texts and state of a capability. */
export function capabilityLook({ name, state }: Pick<Capability, "name" | "state">) {
  return { ...TITLES[name], ...STATES[state] };
}
