/*
 * How many wrong passwords start no wait, and how long a wait each further wrong password starts. `sign-in-limit.ts` in
 * the services counts the wrong passwords.
 */

/** An account with more failures than this in a day, the current attempt included, counts as attacked. */
export const ATTACK_FAILURES = 20;
/** The longest delay before a password of an attacked account is checked, ms. */
const MAX_DELAY_MS = 4000;
/** How much each further failure of an attacked account adds to the delay, ms. */
const DELAY_STEP_MS = 100;

export interface Limit {
  /** Number of failures that start no wait. Each further failure starts a wait. */
  freeFailures: number;
  /** The wait doubles from one second up to this maximum. */
  maxWaitSeconds: number;
}

/**
 * `pair`: an account from one address. `network`: an account from one network. `address`: all accounts from one
 * address. `device`: an account in a browser in which it has signed in.
 */
export type LimitedSource = "pair" | "network" | "address" | "device";

const CALM: Record<LimitedSource, Limit> = {
  pair: { freeFailures: 5, maxWaitSeconds: 300 },
  network: { freeFailures: 20, maxWaitSeconds: 60 },
  address: { freeFailures: 50, maxWaitSeconds: 60 },
  device: { freeFailures: 8, maxWaitSeconds: 300 },
};
/**
 * An attacked account gives each network one attempt, and then one after each wait. So the owner can sign in from any
 * network that is not part of the attack, and each attacking network gets some 300 guesses a day.
 */
const ATTACKED: Record<LimitedSource, Limit> = { ...CALM, network: { freeFailures: 0, maxWaitSeconds: 300 } };

/** The limit of a source. `accountFailures`: failures of the account in the last day, including this attempt. */
export function limitOf(source: LimitedSource, accountFailures: number): Limit {
  return accountFailures > ATTACK_FAILURES ? ATTACKED[source] : CALM[source];
}

/** The wait that the last of `failures` starts, in seconds: 0 for a free failure, then 1, 2, 4 … */
export function waitSeconds(failures: number, { freeFailures, maxWaitSeconds }: Limit): number {
  const excess = failures - freeFailures;
  return excess <= 0 ? 0 : Math.min(maxWaitSeconds, 2 ** Math.min(excess - 1, 30));
}

/** The delay of a password check, ms. The delay slows down attacks from many networks, and refuses nobody. */
export function attackDelayMs(accountFailures: number): number {
  return Math.min(MAX_DELAY_MS, DELAY_STEP_MS * Math.max(0, accountFailures - ATTACK_FAILURES));
}
