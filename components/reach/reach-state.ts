/** The parts that a page depends on, in the order in which a request passes them. */
const PARTS = ["network", "server", "redis", "clickhouse"] as const;
export type Part = (typeof PARTS)[number];

interface PartState {
  /** Time of the last response, epoch ms; null before the first response. */
  respondedAt: number | null;
  isUnreachable: boolean;
}

/** Which parts respond to this browser. */
export type ReachState = Readonly<Record<Part, PartState>>;

/** A result of a check. Times are epoch ms. */
export type ReachEvent =
  | { kind: "report"; at: number; redis: boolean; clickhouse: boolean }
  /** The server responded without a report, because it cannot verify the caller while Redis does not respond. */
  | { kind: "unverified"; at: number }
  /** The server did not respond in time, or could not be reached. */
  | { kind: "silent"; at: number }
  | { kind: "network"; at: number; online: boolean };

/** `since` is the earliest of the parts' last responses, epoch ms; null if none of them has responded to this page. */
export interface Outage {
  parts: readonly Part[];
  since: number | null;
}

const NOT_CHECKED: PartState = { respondedAt: null, isUnreachable: false };
export const INITIAL_REACH: ReachState = {
  network: NOT_CHECKED,
  server: NOT_CHECKED,
  redis: NOT_CHECKED,
  clickhouse: NOT_CHECKED,
};

export function nextReach(state: ReachState, event: ReachEvent): ReachState {
  const { at } = event;
  const updated = (part: Part, responds: boolean): PartState =>
    responds ? { respondedAt: at, isUnreachable: false } : { ...state[part], isUnreachable: true };
  switch (event.kind) {
    case "report":
      return {
        network: updated("network", true),
        server: updated("server", true),
        redis: updated("redis", event.redis),
        clickhouse: updated("clickhouse", event.clickhouse),
      };
    case "unverified":
      return {
        ...state,
        network: updated("network", true),
        server: updated("server", true),
        redis: updated("redis", false),
      };
    case "silent":
      return { ...state, server: updated("server", false) };
    case "network":
      return { ...state, network: updated("network", event.online) };
  }
}

/**
 * The current outage; null if every part responds. If the network or the server does not respond, only that part is
 * listed, because the parts behind it cannot be checked.
 */
export function outageOf(state: ReachState): Outage | null {
  const unreachable = PARTS.filter((part) => state[part].isUnreachable);
  const [nearest] = unreachable;
  if (nearest === undefined) return null;
  const parts = nearest === "network" || nearest === "server" ? [nearest] : unreachable;
  const times = parts.flatMap((part) => state[part].respondedAt ?? []);
  return { parts, since: times.length === 0 ? null : Math.min(...times) };
}

/** The state of the live indicator. */
export type Liveness = { kind: "live" | "paused" | "held" | "reconnecting" } | { kind: "stale"; since: number };

/** Ticks arrive every 2 s. After three missing ticks, the data counts as stale. */
const MAX_TICK_AGE_MS = 6000;
/** Time beyond the refresh interval after which data is old: a tick may be late, and a request may take 10 s. */
const MAX_DELAY_MS = 15_000;

/** The refresh interval of a page without slow queries. */
const REFRESH_MS = 10_000;

/**
 * Whether the data on the page is current. The data is stale during an outage, if ticks are missing, or if it is old.
 * Times are epoch ms.
 */
export function livenessOf(input: {
  isPaused: boolean;
  /** The page does not refresh, because rows are selected or a dialog is open. */
  isHeld?: boolean;
  /** The stream of ticks is not connected. */
  isDisconnected: boolean;
  /** The last tick; null before the first. */
  tickAt: number | null;
  /** When the data on the page was loaded; 0 before the first. */
  updatedAt: number;
  outage: Outage | null;
  nowMs: number;
  /** The refresh interval of the page; `REFRESH_MS` if undefined. */
  everyMs?: number;
}): Liveness {
  const { outage, tickAt, updatedAt, nowMs } = input;
  if (input.isPaused) return { kind: "paused" };
  const areTicksMissing = tickAt !== null && nowMs - tickAt > MAX_TICK_AGE_MS;
  // A held page keeps its rows on purpose.
  const isOld = !input.isHeld && updatedAt > 0 && nowMs - updatedAt > MAX_DELAY_MS + (input.everyMs ?? REFRESH_MS);
  if (updatedAt > 0 && (outage !== null || areTicksMissing || isOld)) {
    return { kind: "stale", since: Math.min(updatedAt, outage?.since ?? updatedAt) };
  }
  if (input.isHeld && !input.isDisconnected && outage === null) return { kind: "held" };
  return { kind: input.isDisconnected || outage !== null ? "reconnecting" : "live" };
}
