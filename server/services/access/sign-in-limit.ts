import { addressGroup } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";
import type { SignInFailures } from "~/server/ports/shared-state/sign-in-failures";
import type { Deps } from "~/server/services/ctx";
import { sha256 } from "./secrets";

/** A sign-in attempt. `device`: a browser in which this account signed in before, or the caller's session. */
interface SignInAttempt {
  email: string;
  ip: string | null;
  device: string | null;
}

interface Scope {
  name: string;
  /** The key to count by; null if the scope does not apply. */
  keyOf(attempt: SignInAttempt): string | null;
  /** Failures before the first wait. */
  freeFailures: number;
  /** The wait doubles from one second up to this. */
  maxWaitSeconds: number;
  /** Failures are forgotten this long after the first one. */
  windowSeconds: number;
}

const DAY_SECONDS = 86_400;
const unlessKnownDevice = (attempt: SignInAttempt, key: string) => (attempt.device === null ? key : null);

/**
 * `pair`: one account from one address, with the longest wait. `account`: at most one minute, so that others cannot
 * lock its owner out of a new browser. `address`: prevents guessing many accounts from one address. `device`: a known
 * device waits only after its own failures.
 */
const SCOPES: readonly Scope[] = [
  {
    name: "pair",
    keyOf: (attempt) => unlessKnownDevice(attempt, sha256(`${attempt.email}|${groupOf(attempt)}`)),
    freeFailures: 5,
    maxWaitSeconds: 300,
    windowSeconds: DAY_SECONDS,
  },
  {
    name: "account",
    keyOf: (attempt) => unlessKnownDevice(attempt, sha256(attempt.email)),
    freeFailures: 20,
    maxWaitSeconds: 60,
    windowSeconds: DAY_SECONDS,
  },
  {
    name: "address",
    keyOf: (attempt) => (attempt.ip === null ? null : unlessKnownDevice(attempt, groupOf(attempt))),
    freeFailures: 50,
    maxWaitSeconds: 60,
    windowSeconds: 3600,
  },
  {
    name: "device",
    keyOf: ({ email, device }) => device && sha256(`${email}|${device}`),
    freeFailures: 8,
    maxWaitSeconds: 300,
    windowSeconds: DAY_SECONDS,
  },
];

/**
 * Codes of the second factor. Who tries them knows the password, so a browser that is not known may have to wait for
 * the guesses of others. With at most 300 s between guesses, one in 10⁶ codes is found after years.
 */
const CODE_SCOPES: readonly Scope[] = [
  {
    name: "code",
    keyOf: (attempt) => unlessKnownDevice(attempt, sha256(attempt.email)),
    freeFailures: 5,
    maxWaitSeconds: 300,
    windowSeconds: DAY_SECONDS,
  },
  {
    name: "code-device",
    keyOf: ({ email, device }) => device && sha256(`${email}|${device}`),
    freeFailures: 5,
    maxWaitSeconds: 300,
    windowSeconds: DAY_SECONDS,
  },
];

const groupOf = ({ ip }: SignInAttempt) => (ip === null ? "-" : addressGroup(ip));

/** The wait after `excess` failures beyond the free ones: 1, 2, 4 … seconds. */
export function waitSeconds(excess: number, maxWaitSeconds: number): number {
  return Math.min(maxWaitSeconds, 2 ** Math.min(excess - 1, 30));
}

/** Limits sign-in attempts. An attempt counts as a failure until `recordSuccess`. */
export interface SignInLimit {
  /** Counts the attempt. @throws AppError `rate_limited` with `retryAfterSeconds`; the attempt is then not counted */
  admitAttempt(attempt: SignInAttempt): Promise<void>;
  recordSuccess(attempt: SignInAttempt): Promise<void>;
}

type LimitDeps = Pick<Deps, "signInFailures">;

/** The limit of passwords, which all processes share. */
export const signInLimit = ({ signInFailures }: LimitDeps) => createLimit(signInFailures, SCOPES);

/** The limit of codes of the second factor, which all processes share. */
export const secondFactorLimit = ({ signInFailures }: LimitDeps) => createLimit(signInFailures, CODE_SCOPES);

function createLimit(failuresOf: Deps["signInFailures"], ofScopes: readonly Scope[]): SignInLimit {
  const scopes = ofScopes.map((scope) => ({ scope, failures: failuresOf(scope.name, scope.windowSeconds) }));
  return {
    // Counted before the password is checked, so that concurrent attempts are limited too.
    async admitAttempt(attempt) {
      const counted: { failures: SignInFailures; key: string }[] = [];
      for (const { scope, failures } of scopes) {
        const key = scope.keyOf(attempt);
        if (key === null) continue;
        const count = await failures.add(key);
        counted.push({ failures, key });
        if (count <= scope.freeFailures) continue;
        const waitMs = await failures.startWait(key, waitSeconds(count - scope.freeFailures, scope.maxWaitSeconds));
        if (waitMs === null) continue;
        // A refused attempt does not count, otherwise repeated attempts would extend the wait for everybody.
        await Promise.all(counted.map((one) => one.failures.undo(one.key)));
        throw tooManyAttempts(waitMs);
      }
    },
    async recordSuccess(attempt) {
      for (const { scope, failures } of scopes) {
        const key = scope.keyOf(attempt);
        if (key === null) continue;
        // The other scopes count failures of other callers too, so only this attempt is taken back.
        const isOnlyThisCaller = ["pair", "device", "code-device"].includes(scope.name);
        await (isOnlyThisCaller ? failures.forget(key) : failures.undo(key));
      }
    },
  };
}

function tooManyAttempts(msBeforeNext: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new AppError("rate_limited", `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
    details: { retryAfterSeconds },
  });
}
