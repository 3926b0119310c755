import { utf8Bytes } from "~/components/ui/format";
import { MASK } from "~/server/domain/protection/mask-text";

/** Why this payload cannot be sent, or null. An empty text is an empty object. Ignores the topic's schema. */
export function bodyFault(text: string, maxBytes: number): string | null {
  const bytes = utf8Bytes(text);
  if (bytes > maxBytes) return `The payload has ${bytes} bytes, ${bytes - maxBytes} more than allowed`;
  // A mask in place of the whole payload keeps the stored payload.
  if (text.trim() === "" || text.trim() === JSON.stringify(MASK)) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? null : "The payload must be a JSON object: { … }";
  } catch (error) {
    return `Not valid JSON: ${(error as Error).message}`;
  }
}
