import { expect, it } from "vitest";
import { HEALTH_CODES, type HealthCode } from "~/server/domain/choices";
import { healthWords } from "./health-words";

it.each(Object.keys(HEALTH_CODES) as HealthCode[])("%s has its own title, a consequence and a link", (code) => {
  const { title, meaning, link } = healthWords(code);
  const others = (Object.keys(HEALTH_CODES) as HealthCode[]).filter((one) => one !== code);
  expect(others.map((one) => healthWords(one).title)).not.toContain(title);
  expect(meaning).toMatch(/\.$/);
  expect(link.href).toMatch(/^\/system/);
});
