/** A list of passwords from known breaches. */
export interface BreachedPasswords {
  /** Whether the list has the password with this SHA-1, in hex. */
  has(sha1: string): Promise<boolean>;
}
