import { setTimeout as pause } from "node:timers/promises";
import { addressGroup, networkOf } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";
import { attackDelayMs, type Limit, type LimitedSource, limitOf, waitSeconds } from "~/server/domain/sign-in-limits";
import type { SignInFailures } from "~/server/ports/shared-state/sign-in-failures";
import type { Deps } from "~/server/services/ctx";
import { sha256 } from "./secrets";

interface SignInAttempt {
  email: string;
  ip: string | null;
  /**
   * id of a browser with an earlier sign-in of this account, or of the session that makes the attempt; null if neither
   */
  device: string | null;
}

/** Limits sign-in attempts. An attempt counts as a failure until `recordSuccess`. */
export interface SignInLimit {
  /**
   * Counts the attempt. If the caller has to wait, counts nothing and throws `rate_limited` with `retryAfterSeconds`.
   */
  admitAttempt(attempt: SignInAttempt): Promise<void>;
  recordSuccess(attempt: SignInAttempt): Promise<void>;
}

type LimitDeps = Pick<Deps, "signInFailures">;

/** Counts failures by one source, and limits them. */
interface FailureCounter {
  failures: SignInFailures;
  /** The key by which failures are counted; null if the counter does not apply to the attempt. */
  keyOf(attempt: SignInAttempt): string | null;
  limitOf(accountFailures: number): Limit;
  /** Whether the failures are those of the caller only, so that a success takes all of them back. */
  isOnlyCaller: boolean;
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const groupOf = ({ ip }: SignInAttempt) => (ip === null ? "-" : addressGroup(ip));
const unlessKnownDevice = (key: (attempt: SignInAttempt) => string | null) => (attempt: SignInAttempt) =>
  attempt.device === null ? key(attempt) : null;
const accountKey = unlessKnownDevice(({ email }) => sha256(email));
const deviceKey = ({ email, device }: SignInAttempt) => device && sha256(`${email}|${device}`);

/** Creates each limit once in a process, because each of its counters defines a command of the Redis client. */
function once(create: (deps: LimitDeps) => SignInLimit): (deps: LimitDeps) => SignInLimit {
  const known = new WeakMap<LimitDeps["signInFailures"], SignInLimit>();
  return (deps) => {
    const limit = known.get(deps.signInFailures) ?? create(deps);
    known.set(deps.signInFailures, limit);
    return limit;
  };
}

/** The limit of passwords, which all processes share. A known device waits only after its own failures. */
export const signInLimit = once(({ signInFailures }) => {
  const counter = (
    source: LimitedSource,
    keyOf: FailureCounter["keyOf"],
    windowSeconds = DAY_SECONDS,
  ): FailureCounter => ({
    ...{ keyOf, limitOf: (accountFailures) => limitOf(source, accountFailures) },
    ...{ failures: signInFailures(source, windowSeconds), isOnlyCaller: source === "pair" || source === "device" },
  });
  const counters = [
    counter(
      "pair",
      unlessKnownDevice((attempt) => sha256(`${attempt.email}|${groupOf(attempt)}`)),
    ),
    counter(
      "network",
      unlessKnownDevice(({ email, ip }) => ip && sha256(`${email}|${networkOf(ip)}`)),
    ),
    counter(
      "address",
      unlessKnownDevice((attempt) => attempt.ip && groupOf(attempt)),
      HOUR_SECONDS,
    ),
    counter("device", deviceKey),
  ];
  return createLimit({ account: signInFailures("account", DAY_SECONDS), counters });
});

/** Five wrong codes start no wait. Each further code is checked and starts a wait, during which codes are refused. */
const CODE_LIMIT: Limit = { freeFailures: 5, maxWaitSeconds: 300 };

/**
 * The limit of codes of the second factor. Only somebody who knows the password can try a code, so all unknown browsers
 * of an account share one limit, and wrong codes of one may make the others wait. With 300 s between guesses, one of
 * 10⁶ codes is found after years.
 */
export const secondFactorLimit = once(({ signInFailures }) => {
  const counter = (source: string, keyOf: FailureCounter["keyOf"], isOnlyCaller: boolean): FailureCounter => ({
    ...{ keyOf, limitOf: () => CODE_LIMIT, failures: signInFailures(source, DAY_SECONDS), isOnlyCaller },
  });
  const counters = [counter("code", accountKey, false), counter("code-device", deviceKey, true)];
  return createLimit({ account: null, counters });
});

function createLimit({
  account,
  counters,
}: {
  account: SignInFailures | null;
  counters: FailureCounter[];
}): SignInLimit {
  return {
    // Counted before the password is checked, so that concurrent attempts are limited too.
    async admitAttempt(attempt) {
      const counted: { failures: SignInFailures; key: string }[] = [];
      const ofAccount = accountKey(attempt);
      let accountFailures = 0;
      if (account && ofAccount !== null) {
        accountFailures = await account.add(ofAccount);
        counted.push({ failures: account, key: ofAccount });
      }
      for (const counter of counters) {
        const key = counter.keyOf(attempt);
        if (key === null) continue;
        const count = await counter.failures.add(key);
        counted.push({ failures: counter.failures, key });
        const seconds = waitSeconds(count, counter.limitOf(accountFailures));
        // The attempt that starts a wait is admitted; further attempts are refused until the wait is over.
        const remainingMs = seconds === 0 ? null : await counter.failures.tryStartWait(key, seconds);
        if (remainingMs === null) continue;
        // A refused attempt does not count, otherwise repeated attempts would extend the wait for everybody.
        await Promise.all(counted.map((one) => one.failures.undo(one.key)));
        throw tooManyAttempts(remainingMs);
      }
      const delayMs = attackDelayMs(accountFailures);
      if (delayMs > 0) await pause(delayMs);
    },
    async recordSuccess(attempt) {
      const ofAccount = accountKey(attempt);
      if (account && ofAccount !== null) await account.undo(ofAccount);
      for (const { failures, keyOf, isOnlyCaller } of counters) {
        const key = keyOf(attempt);
        // The other counters also count failures of other callers, so only this attempt is taken back.
        if (key !== null) await (isOnlyCaller ? failures.forget(key) : failures.undo(key));
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
