import { hash, verify } from "@node-rs/argon2";
import { Line } from "~/server/domain/text";

/** Length alone is asked for (NIST SP 800-63B); the upper bound keeps the hashing bounded. */
export const Password = Line(256).min(8, "must have at least 8 characters");

/** OWASP's argon2id floor: 19 MiB, 2 passes, 1 lane (argon2id is the library's default). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let decoy: Promise<string> | undefined;

/** Without a hash (no such user) as much work is done, so that the time does not tell which e-mails exist. */
export async function verifyPassword(input: { password: string; hash: string | null }): Promise<boolean> {
  decoy ??= hashPassword("no one has this password");
  const matches = await verify(input.hash ?? (await decoy), input.password);
  return matches && input.hash !== null;
}
