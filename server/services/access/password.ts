import { hash, verify } from "@node-rs/argon2";
import { Line } from "~/server/domain/text";

export const MIN_PASSWORD_LENGTH = 8;
/** Limits the cost of hashing. */
export const MAX_PASSWORD_LENGTH = 256;

/** `requireStrongPassword` checks more than the length (NIST SP 800-63B: no rules of composition). */
export const Password = Line(MAX_PASSWORD_LENGTH).min(
  MIN_PASSWORD_LENGTH,
  `must have at least ${MIN_PASSWORD_LENGTH} characters`,
);

/** OWASP's minimum for argon2id, the library's default algorithm: 19 MiB, 2 passes, 1 thread. */
const ARGON2_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2_COST);
}

export function verifyPassword(input: { password: string; hash: string }): Promise<boolean> {
  return verify(input.hash, input.password);
}
