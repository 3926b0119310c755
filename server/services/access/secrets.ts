import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Returns 256 random bits as base64url, which headers and cookies accept. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Derives a secret, as base64url: the same for the same inputs, and unknown without `key`. */
export function derivedSecret(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** SHA-256 in hex. Sufficient for random 256-bit secrets; passwords are hashed with argon2. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares two secrets in constant time, also if their lengths differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}
