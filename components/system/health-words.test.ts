import { expect, it } from "vitest";
import { HEALTH_CODES, type HealthCode } from "~/server/domain/choices";
import { healthWords, reasonWords } from "./health-words";

it.each(Object.keys(HEALTH_CODES) as HealthCode[])("%s has its own title, a consequence and a link", (code) => {
  const { title, meaning, link } = healthWords(code);
  const others = (Object.keys(HEALTH_CODES) as HealthCode[]).filter((one) => one !== code);
  expect(others.map((one) => healthWords(one).title)).not.toContain(title);
  expect(meaning).toMatch(/\.$/);
  expect(link.href).toMatch(/^\/system/);
});

it.each([
  [
    "names the topic that refuses events",
    "topic_refuses",
    "Topic partner.webhooks refuses events; 3 events are held: connection reset",
    ["Topic partner.webhooks refuses events", "3 events are held: connection reset"],
  ],
  [
    "separates the error, if it is a sentence, from the number of held events",
    "topic_refuses",
    "Topic partner.webhooks refuses events; 1 event is held: The key is not a stream.",
    ["Topic partner.webhooks refuses events", "1 event is held. The key is not a stream."],
  ],
  ["omits the title from the message", "all_paused", "All firing is paused by ana", ["All firing is paused", "By ana"]],
  [
    "keeps a message that does not begin with the title",
    "no_worker",
    "2 workers stopped.",
    ["No worker is alive", "2 workers stopped."],
  ],
] as const)("reasonWords %s", (_, code, message, expected) => {
  const { title, detail } = reasonWords({ code, message });
  expect([title, detail]).toEqual(expected);
});
