import { addressGroup } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";
import type { SignInFailures } from "~/server/ports/shared-state/sign-in-failures";
import type { Deps } from "~/server/services/ctx";
import { sha256 } from "./secrets";

/** Who tries. `device`: a browser that this account was signed in with before, or the session that asks. */
interface SignInAttempt {
  email: string;
  ip: string | null;
  device: string | null;
}

interface Scope {
  name: string;
  /** Null where it does not apply. */
  keyOf(attempt: SignInAttempt): string | null;
  /** Failures without a wait. */
  free: number;
  /** The wait doubles from a second up to this, s. */
  longestSeconds: number;
  /** Failures are forgotten this long after the first, s. */
  windowSeconds: number;
}

const DAY = 86_400;
const stranger = (attempt: SignInAttempt, key: string) => (attempt.device === null ? key : null);

/**
 * An account and an address together wait longest. An account alone waits a minute at most, or strangers could keep its
 * owner out of every new browser; an address alone, so that many accounts cannot be tried from one place. A known
 * device waits for its own failures only.
 */
const SCOPES: readonly Scope[] = [
  {
    name: "pair",
    keyOf: (attempt) => stranger(attempt, sha256(`${attempt.email}|${groupOf(attempt)}`)),
    free: 5,
    longestSeconds: 300,
    windowSeconds: DAY,
  },
  {
    name: "account",
    keyOf: (attempt) => stranger(attempt, sha256(attempt.email)),
    free: 20,
    longestSeconds: 60,
    windowSeconds: DAY,
  },
  {
    name: "address",
    keyOf: (attempt) => (attempt.ip === null ? null : stranger(attempt, groupOf(attempt))),
    free: 50,
    longestSeconds: 60,
    windowSeconds: 3600,
  },
  {
    name: "device",
    keyOf: ({ email, device }) => device && sha256(`${email}|${device}`),
    free: 8,
    longestSeconds: 300,
    windowSeconds: DAY,
  },
];

const groupOf = ({ ip }: SignInAttempt) => (ip === null ? "-" : addressGroup(ip));

/** Seconds until the next try after so many failures beyond the free ones: 1, 2, 4, … */
export function waitSeconds(beyond: number, longestSeconds: number): number {
  return Math.min(longestSeconds, 2 ** Math.min(beyond - 1, 30));
}

/** Counts tries at signing in; `passed` takes the try off again. */
export interface SignInLimit {
  /** @throws AppError `rate_limited` with `retryAfterSeconds`. */
  count(attempt: SignInAttempt): Promise<void>;
  passed(attempt: SignInAttempt): Promise<void>;
}

const built = new WeakMap<Deps["signInFailures"], SignInLimit>();

/** The limit, counted for all processes together. */
export function signInLimit({ signInFailures }: Pick<Deps, "signInFailures">): SignInLimit {
  const known = built.get(signInFailures);
  if (known) return known;
  const limit = build(signInFailures);
  built.set(signInFailures, limit);
  return limit;
}

function build(failuresOf: Deps["signInFailures"]): SignInLimit {
  const scopes = SCOPES.map((scope) => ({ scope, failures: failuresOf(scope.name, scope.windowSeconds) }));
  return {
    // Counted before the password is checked: many at once must not all slip through.
    async count(attempt) {
      const counted: { failures: SignInFailures; key: string }[] = [];
      for (const { scope, failures } of scopes) {
        const key = scope.keyOf(attempt);
        if (key === null) continue;
        const n = await failures.add(key);
        counted.push({ failures, key });
        if (n <= scope.free) continue;
        const shutMs = await failures.passGate(key, waitSeconds(n - scope.free, scope.longestSeconds));
        if (shutMs === null) continue;
        // Not tried, so no failure: or whoever hammers would make the wait longer for everybody.
        await Promise.all(counted.map((one) => one.failures.takeBack(one.key)));
        throw tooMany(shutMs);
      }
    },
    async passed(attempt) {
      for (const { scope, failures } of scopes) {
        const key = scope.keyOf(attempt);
        if (key === null) continue;
        const isOwn = scope.name === "pair" || scope.name === "device";
        await (isOwn ? failures.forget(key) : failures.takeBack(key));
      }
    },
  };
}

function tooMany(msBeforeNext: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new AppError("rate_limited", `Too many tries. Try again in ${retryAfterSeconds} s.`, {
    details: { retryAfterSeconds },
  });
}
