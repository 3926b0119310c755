import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Returns 256 random bits as base64url, which headers and cookies accept. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Derives a secret from `text`, as base64url. The secret cannot be derived without `key`. */
export function derivedSecret(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** SHA-256 in hex. Sufficient for random 256-bit secrets; passwords are hashed with argon2. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares two secrets in constant time, even if their lengths differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}
