/** Failed sign-ins, counted for all processes. `who` is a hash, an IPv4 address or an IPv6 /64. */
export interface SignInFailures {
  /** Counts one failure. Returns the number of failures in the window. */
  add(who: string): Promise<number>;
  /** Subtracts one failure. */
  undo(who: string): Promise<void>;
  /** Forgets all failures and ends the wait. */
  forget(who: string): Promise<void>;
  /**
   * Starts a wait of `waitSeconds` and returns null, or returns the rest of the current wait in ms. Only one of several
   * concurrent callers gets null.
   */
  startWait(who: string, waitSeconds: number): Promise<number | null>;
}

/** Opens the failures of one scope. Failures are forgotten `windowSeconds` after the first failure. */
export type OpenSignInFailures = (scope: string, windowSeconds: number) => SignInFailures;
