import { createHash } from "node:crypto";
import { fieldError } from "~/server/domain/errors";
import { loadPasswordStrength, MIN_STRENGTH } from "~/server/domain/password-strength";
import type { Deps } from "~/server/services/ctx";

/**
 * Refuses a new password that is easy to guess, or in the list of breached passwords. `words`: the user's name and
 * e-mail address; `field`: the field of the input.
 * @throws AppError `validation_failed`
 */
export async function requireStrongPassword(
  deps: Pick<Deps, "breachedPasswords">,
  input: { password: string; words: readonly string[]; field?: string },
): Promise<void> {
  const { password, words, field = "password" } = input;
  const estimate = await loadPasswordStrength();
  const { score, advice } = estimate(password, words);
  if (score < MIN_STRENGTH) {
    const message = ["is easy to guess.", ...advice].join(" ");
    throw fieldError("validation_failed", { field, message });
  }
  const sha1 = createHash("sha1").update(password).digest("hex");
  if (await deps.breachedPasswords?.has(sha1)) {
    throw fieldError("validation_failed", { field, message: "is known from a breach. Choose another one." });
  }
}
