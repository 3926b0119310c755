/*
 * Encrypted content. A sealed text is a JSON object with one member, a JWE in compact form. So a sealed text can be
 * stored like any payload.
 */

const START = '{"$encrypted":"';
const END = '"}';

export function isSealed(text: string): boolean {
  return text.startsWith(START);
}

export const sealedText = (jwe: string): string => `${START}${jwe}${END}`;

export const jweOf = (sealed: string): string => sealed.slice(START.length, -END.length);

/**
 * Whether a caller's JSON text has the member `$encrypted`, with any escapes, so that it looks like encrypted content.
 */
export function looksSealed(text: string): boolean {
  if (!text.includes("encrypted")) return text.includes("\\u") && hasSealedMember(text);
  return hasSealedMember(text);
}

function hasSealedMember(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "$encrypted");
  } catch {
    return false;
  }
}

/** A key that encrypts content. `id` is stored with the encrypted content. */
export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  bytes: Uint8Array;
}

const KEY = /^([\w.-]{1,64}):([A-Za-z0-9+/]{43}=)$/;

/**
 * Parses `id:key,…`: the first key encrypts, all keys decrypt. Throws an error with the position or the
 * repeated id, never with a key.
 */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  const keys = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part, index): EncryptionKey => {
      const [, id, base64] = KEY.exec(part) ?? [];
      if (id === undefined || base64 === undefined) {
        const form = "id:key with 32 bytes in base64, such as 2027a:$(openssl rand -base64 32)";
        throw new Error(`must be a list of ${form}; entry ${index + 1} is not`);
      }
      return { id, bytes: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) };
    });
  const repeated = keys.find(({ id }, index) => keys.findIndex((one) => one.id === id) !== index);
  if (repeated) throw new Error(`has the key id ${repeated.id} twice`);
  return keys;
}

/** The id of the key of a sealed text, from its beginning; null for other text. */
export function keyIdOf(text: string): string | null {
  if (!isSealed(text)) return null;
  const [header = ""] = text.slice(START.length).split(".", 1);
  try {
    const { kid } = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))) as { kid?: unknown };
    return typeof kid === "string" ? kid : null;
  } catch {
    return null;
  }
}
