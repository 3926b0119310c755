/** Failures to sign in, counted for all processes together. `who`: whose they are; it has no text of a caller. */
export interface SignInFailures {
  /** Counts one; answers how many there are since the first of the window. */
  add(who: string): Promise<number>;
  takeBack(who: string): Promise<void>;
  /** Forgets all of them, and opens the gate. */
  forget(who: string): Promise<void>;
  /**
   * Of all who come while the gate is open one gets through, and shuts it for `waitSeconds`. Answers null for that one,
   * and for the others how long the gate stays shut, ms.
   */
  passGate(who: string, waitSeconds: number): Promise<number | null>;
}

/** The failures of one scope, forgotten `windowSeconds` after the first. */
export type OpenSignInFailures = (scope: string, windowSeconds: number) => SignInFailures;
