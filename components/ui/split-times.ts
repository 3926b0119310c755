const ISO_TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** The parts of a message: text, and times in ISO 8601 UTC. */
export function splitTimes(text: string): { text: string; isTime: boolean }[] {
  return text
    .split(ISO_TIME)
    .map((part, index) => ({ text: part, isTime: index % 2 === 1 && !Number.isNaN(Date.parse(part)) }))
    .filter((part) => part.text !== "");
}
