/** Failed sign-ins, counted for all processes together. `who` never contains text of the caller. */
export interface SignInFailures {
  /** Counts one failure; returns the count of the window. */
  add(who: string): Promise<number>;
  takeBack(who: string): Promise<void>;
  /** Forgets all failures and opens the gate. */
  forget(who: string): Promise<void>;
  /**
   * Lets one caller through an open gate and shuts it for `waitSeconds`: null for that caller. For the others, the ms
   * until the gate opens.
   */
  passGate(who: string, waitSeconds: number): Promise<number | null>;
}

/** The failures of one scope. They are forgotten `windowSeconds` after the first. */
export type OpenSignInFailures = (scope: string, windowSeconds: number) => SignInFailures;
