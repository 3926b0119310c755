import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits as text that is safe in a header and a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 in hex. Enough for a random 256-bit secret; passwords go through argon2. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Compares in constant time, whatever the lengths. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(createHash("sha256").update(left).digest(), createHash("sha256").update(right).digest());
}
