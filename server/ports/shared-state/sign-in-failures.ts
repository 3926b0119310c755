/** Failed sign-ins, counted for all processes. `who` is a hash, an IPv4 address or an IPv6 /64. */
export interface SignInFailures {
  /** Counts one failure. Returns the number of failures in the window. */
  add(who: string): Promise<number>;
  /** Subtracts one failure. */
  undo(who: string): Promise<void>;
  /** Forgets all failures and ends the wait. */
  forget(who: string): Promise<void>;
  /**
   * Starts a wait of `waitSeconds` and returns null. If a wait is running, starts none and returns its rest in ms.
   * Only one of several concurrent callers starts a wait.
   */
  tryStartWait(who: string, waitSeconds: number): Promise<number | null>;
}

/** Opens the failures of one source, such as `pair`. Failures are forgotten `windowSeconds` after the first failure. */
export type OpenSignInFailures = (source: string, windowSeconds: number) => SignInFailures;
