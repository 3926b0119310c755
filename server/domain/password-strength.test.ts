import { expect, it } from "vitest";
import { loadPasswordStrength, MIN_STRENGTH } from "./password-strength";

const ANN = ["ann.miller@example.com", "Ann Miller"];

it.each([
  ["a common password", "password1"],
  ["a common password with replaced letters", "P@ssw0rd!"],
  ["digits in a row", "1234567890"],
  ["keys side by side", "qwertyuiop"],
  ["repeated characters", "aaaaaaaaaaaa"],
  ["a repetition longer than any estimate", "ab".repeat(128)],
  ["a date", "24.12.1987"],
  ["a season and a year", "Summer2024!"],
  ["the user's name", "annmiller"],
  ["the user's e-mail address", "ann.miller@example.com"],
  ["the name of the product and a year", "stufio2026"],
])("%s is too weak, and there is advice", async (_, password) => {
  const { score, advice } = (await loadPasswordStrength())(password, ANN);
  expect(score).toBeLessThan(MIN_STRENGTH);
  expect(advice.join(" ")).toMatch(/\w+/);
});

it.each([
  ["several words", "violet otter bicycle"],
  ["random characters", "x7!kQm2#vB"],
  ["letters of another script", "мой очень длинный пароль"],
])("%s are strong enough", async (_, password) => {
  const { score, advice } = (await loadPasswordStrength())(password, ANN);
  expect([score >= MIN_STRENGTH, advice]).toEqual([true, []]);
});
