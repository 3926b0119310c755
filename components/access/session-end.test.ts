import { expect, it } from "vitest";
import { attachSignInDialog, signInAgain } from "./session-end";

it("asks once for all calls that fail at the same time, and asks again when the next session ends", async () => {
  const answers: ((signedIn: boolean) => void)[] = [];
  const detach = attachSignInDialog(() => new Promise((resolve) => answers.push(resolve)));
  const calls = [signInAgain(), signInAgain(), signInAgain()];
  expect(answers).toHaveLength(1);
  answers[0]?.(true);
  expect(await Promise.all(calls)).toEqual([true, true, true]);

  const later = signInAgain();
  expect(answers).toHaveLength(2);
  answers[1]?.(false);
  expect(await later).toBe(false);
  detach();
});
