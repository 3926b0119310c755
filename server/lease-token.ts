import { randomBytes } from "node:crypto";

/** Returns the token of a new claim: 72 random bits as text. */
export function newLeaseToken(): string {
  return randomBytes(9).toString("base64url");
}
