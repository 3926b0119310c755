/** What the page needs to be up to date, from near to far. */
const PARTS = ["network", "server", "redis", "clickhouse"] as const;
export type Part = (typeof PARTS)[number];

interface PartState {
  /** When it responded last, epoch ms; null before the first response. */
  respondedAt: number | null;
  isAway: boolean;
}

/** Which parts respond, as this browser sees it. */
export type ReachState = Readonly<Record<Part, PartState>>;

/** What the browser found out. Times are epoch ms. */
export type ReachEvent =
  | { kind: "report"; at: number; redis: boolean; clickhouse: boolean }
  /** The server responded without a report: it cannot tell who asks, because Redis does not respond. */
  | { kind: "unverified"; at: number }
  /** The server did not respond in time, or could not be reached. */
  | { kind: "silent"; at: number }
  | { kind: "network"; at: number; online: boolean };

/** A part that does not respond. `since` is its last response, epoch ms; null: none since the page was opened. */
export interface Outage {
  parts: readonly Part[];
  since: number | null;
}

const FINE: PartState = { respondedAt: null, isAway: false };
export const INITIAL_REACH: ReachState = { network: FINE, server: FINE, redis: FINE, clickhouse: FINE };

/** The state after an event. */
export function nextReach(state: ReachState, event: ReachEvent): ReachState {
  const { at } = event;
  const told = (part: Part, responds: boolean): PartState =>
    responds ? { respondedAt: at, isAway: false } : { ...state[part], isAway: true };
  switch (event.kind) {
    case "report":
      return {
        network: told("network", true),
        server: told("server", true),
        redis: told("redis", event.redis),
        clickhouse: told("clickhouse", event.clickhouse),
      };
    case "unverified":
      return { ...state, network: told("network", true), server: told("server", true), redis: told("redis", false) };
    case "silent":
      return { ...state, server: told("server", false) };
    case "network":
      return { ...state, network: told("network", event.online) };
  }
}

/** What does not respond; null if everything does. Of the parts behind one that is away nothing is known. */
export function outageOf(state: ReachState): Outage | null {
  const away = PARTS.filter((part) => state[part].isAway);
  const [nearest] = away;
  if (nearest === undefined) return null;
  const parts = nearest === "network" || nearest === "server" ? [nearest] : away;
  const times = parts.flatMap((part) => state[part].respondedAt ?? []);
  return { parts, since: times.length === 0 ? null : Math.min(...times) };
}

/** What the live indicator shows. */
export type Liveness = { kind: "live" | "paused" | "reconnecting" } | { kind: "stale"; since: number };

/** Ticks come every 2 s: after three missing ones the page is behind. */
const TICK_MS = 6000;
/** Pages refresh every 10 s at least, and a request may take 10 s. */
const DATA_MS = 25_000;

/**
 * Whether the data on the page is current. It is stale while something does not respond, when ticks stay away, and when
 * the data is old for any other reason. Times are epoch ms.
 */
export function livenessOf(input: {
  paused: boolean;
  /** The stream of ticks is not connected. */
  disconnected: boolean;
  /** The last tick; null before the first. */
  tickAt: number | null;
  /** When the data on the page was loaded; 0 before the first. */
  updatedAt: number;
  outage: Outage | null;
  now: number;
}): Liveness {
  const { outage, tickAt, updatedAt, now } = input;
  if (input.paused) return { kind: "paused" };
  const behind = tickAt !== null && now - tickAt > TICK_MS;
  const old = updatedAt > 0 && now - updatedAt > DATA_MS;
  if (updatedAt > 0 && (outage !== null || behind || old)) {
    return { kind: "stale", since: Math.min(updatedAt, outage?.since ?? updatedAt) };
  }
  return { kind: input.disconnected || outage !== null ? "reconnecting" : "live" };
}
