/** Short-lived values of the sign-in library, such as the state of a begun sign-in, by hashes of their keys. */
export interface IdentityValues {
  get(key: string): Promise<string | null>;
  /** `ttlSeconds`: null keeps the value until it is deleted. */
  set(key: string, value: string, ttlSeconds: number | null): Promise<void>;
  delete(key: string): Promise<void>;
  /** Returns and deletes a value in one step, so that only one caller gets it. */
  take(key: string): Promise<string | null>;
  /** Adds one and returns the sum. `ttlSeconds` counts from the first call. */
  increment(key: string, ttlSeconds: number): Promise<number>;
}
