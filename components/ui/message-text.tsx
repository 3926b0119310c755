import { splitTimes } from "./split-times";
import { Instant } from "./time";

/** A message of the server. Its times in ISO 8601 UTC are shown in the display zone. */
export function MessageText({ text }: { text: string }) {
  return splitTimes(text).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no other identity, and the text rarely changes
    part.isTime ? <Instant key={index} value={part.text} /> : <span key={index}>{part.text}</span>,
  );
}
