import { RateLimiterMemory } from "rate-limiter-flexible";
import { addressGroup } from "~/server/addresses";
import { sha256 } from "~/server/services/access/secrets";

const WINDOW_SECONDS = 10;

/** Requests in one window; 0 means no limit. */
interface Limits {
  perKey: number;
  perAddress: number;
}

interface Counted {
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). */
  headers: Record<string, string>;
  /** Null if the request is within the limits. */
  retryAfterSeconds: number | null;
}

/** Limits how many requests each API key and each address may send to the APIs. */
export interface RequestRate {
  /** Counts a request. The key in `authorization` need not exist. */
  count(request: { address: string | null; authorization: string | undefined }): Promise<Counted>;
}

/**
 * Counts in this process only, because a shared count would cost every call a round trip to Redis. Keys are counted
 * without a lookup, so that a refusal is cheap.
 */
export function createRequestRate(limits: Limits): RequestRate {
  // Requests without an address share one count.
  const policies = [
    policy("key", limits.perKey, ({ authorization }) => (authorization ? sha256(authorization) : null)),
    policy("address", limits.perAddress, ({ address }) => (address ? addressGroup(address) : "-")),
  ].filter(({ points }) => points > 0);
  return {
    async count(request) {
      const shown: string[] = [];
      const shownPolicies: string[] = [];
      let waitMs = 0;
      for (const { name, points, limiter, keyOf } of policies) {
        const key = keyOf(request);
        if (key === null) continue;
        // `consume` would throw beyond the limit.
        const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
        if (consumedPoints > points) waitMs = Math.max(waitMs, msBeforeNext);
        shownPolicies.push(`"${name}";q=${points};w=${WINDOW_SECONDS}`);
        shown.push(`"${name}";r=${Math.max(0, points - consumedPoints)};t=${seconds(msBeforeNext)}`);
      }
      const headers: Record<string, string> =
        shown.length === 0 ? {} : { "ratelimit-policy": shownPolicies.join(", "), ratelimit: shown.join(", ") };
      return { headers, retryAfterSeconds: waitMs > 0 ? seconds(waitMs) : null };
    },
  };
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));

function policy(name: string, points: number, keyOf: (request: Parameters<RequestRate["count"]>[0]) => string | null) {
  return { name, points, keyOf, limiter: new RateLimiterMemory({ points, duration: WINDOW_SECONDS }) };
}
