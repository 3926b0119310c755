import { hash, verify } from "@node-rs/argon2";
import { Line } from "~/server/domain/text";

/** Only the length is checked (NIST SP 800-63B). The upper bound limits the cost of hashing. */
export const Password = Line(256).min(8, "must have at least 8 characters");

/** OWASP's minimum for argon2id, the library's default algorithm: 19 MiB, 2 passes, 1 thread. */
const ARGON2_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2_COST);
}

let dummyHash: Promise<string> | undefined;

/** `hash`: null if the user does not exist. Takes equally long then, so that timing does not reveal accounts. */
export async function verifyPassword(input: { password: string; hash: string | null }): Promise<boolean> {
  dummyHash ??= hashPassword("no one has this password");
  const matches = await verify(input.hash ?? (await dummyHash), input.password);
  return matches && input.hash !== null;
}
