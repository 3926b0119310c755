import { CompactEncrypt, compactDecrypt } from "jose";
import { AppError, fieldError } from "~/server/domain/errors";
import { headerPairs, isHeaderList, type MessageHeaders } from "~/server/domain/message-headers";
import type { Content } from "~/server/domain/protection/mask";
import {
  type EncryptionKey,
  isSealed,
  jweOf,
  keyIdOf,
  looksSealed,
  sealedText,
} from "~/server/domain/protection/sealed";
import type { Deps } from "../ctx";

type SealDeps = Pick<Deps, "env" | "protection">;

/** Content that cannot be decrypted: its key is missing, or it was changed or copied to another topic. */
export class UnreadableContent extends AppError {
  constructor(message: string) {
    super("conflict", message);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `topic` is authenticated with the text, so that a ciphertext that was copied to another topic is not decrypted. */
async function seal(key: EncryptionKey, text: string, topic: string): Promise<string> {
  const header = { alg: "dir", enc: "A256GCM", kid: key.id, sub: topic };
  return sealedText(await new CompactEncrypt(encoder.encode(text)).setProtectedHeader(header).encrypt(key.bytes));
}

async function open(keys: readonly EncryptionKey[], sealed: string, topic: string | null): Promise<string> {
  const id = keyIdOf(sealed);
  const key = keys.find((one) => one.id === id);
  if (key === undefined) {
    throw new UnreadableContent(`The payload is encrypted with the key "${id}", which PAYLOAD_ENCRYPTION_KEYS lacks.`);
  }
  try {
    const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
    const { plaintext, protectedHeader } = await compactDecrypt(jweOf(sealed), key.bytes, options);
    if (topic === null || protectedHeader.sub === topic) return decoder.decode(plaintext);
  } catch {
    // Fails below, without details.
  }
  throw new UnreadableContent(`The payload cannot be decrypted with the key "${id}": it was changed or moved.`);
}

const hasSealedHeader = (headers: MessageHeaders) =>
  isHeaderList(headers)
    ? headers.some(([, value]) => value !== null && isSealed(value))
    : Object.values(headers).some(isSealed);

/** Whether the content has encrypted parts. */
export function isSealedContent({ payload, headers }: Content): boolean {
  return isSealed(payload) || hasSealedHeader(headers);
}

/**
 * Decrypts content; returns it unchanged if nothing is encrypted.
 * @param topic null if it is not known
 * @throws UnreadableContent
 */
export async function openContent<C extends Content>(deps: SealDeps, topic: string | null, content: C): Promise<C> {
  if (!isSealedContent(content)) return content;
  const { payloadKeys } = deps.env;
  const opened = (text: string) => (isSealed(text) ? open(payloadKeys, text, topic) : Promise.resolve(text));
  return { ...content, payload: await opened(content.payload), headers: await mapHeaders(content.headers, opened) };
}

async function mapHeaders(
  headers: MessageHeaders,
  map: (value: string, name: string) => Promise<string>,
): Promise<MessageHeaders> {
  if (isHeaderList(headers)) {
    return Promise.all(
      headers.map(async (pair) =>
        pair[1] === null || pair[2] !== undefined ? pair : ([pair[0], await map(pair[1], pair[0])] as const),
      ),
    );
  }
  const entries = Object.entries(headers);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, value]) => [name, await map(value, name)] as const)),
  );
}

/**
 * Encrypts content as the rules of its topic require: the payload, and the headers in the rules' paths. Parts that are
 * equal to those of `before`, except the values of a header list, keep their ciphertext, so that unchanged content
 * stays comparable.
 *
 * @param before the stored content of the same topic, as it is stored and decrypted
 * @throws AppError `validation_failed` for content that a caller made to look encrypted, `conflict` without a key
 */
export async function sealContent<C extends Content>(
  deps: SealDeps,
  topic: string,
  content: C,
  before?: { stored: Content; plain: Content } | null,
): Promise<C> {
  refuseSealed(content, before?.plain);
  if (!deps.protection.encrypts(topic)) return content;
  const [key] = deps.env.payloadKeys;
  if (key === undefined) throw withoutKey(topic);
  const names = deps.protection.of(topic)?.headers ?? new Set<string>();
  const isNamed = (name: string) => names.has("*") || names.has(name.toLowerCase());
  const known = new Map<string, string>();
  if (before) {
    known.set(before.plain.payload, before.stored.payload);
    for (const [value, sealed] of headerValues(before)) known.set(value, sealed);
  }
  const sealed = async (text: string) => {
    const earlier = known.get(text);
    return earlier !== undefined && isSealed(earlier) ? earlier : seal(key, text, topic);
  };
  return {
    ...content,
    payload: content.payload === "" ? "" : await sealed(content.payload),
    headers: await mapHeaders(content.headers, async (value, name) => (isNamed(name) ? sealed(value) : value)),
  };
}

/** Encrypts a text whose topic is not known, if any rule encrypts and this process has a key. */
export async function sealUnknown(deps: SealDeps, text: string): Promise<string> {
  const [key] = deps.env.payloadKeys;
  return key === undefined || !deps.protection.encrypts(null) ? text : seal(key, text, "");
}

function headerValues({ stored, plain }: { stored: Content; plain: Content }): [string, string][] {
  if (isHeaderList(stored.headers) || isHeaderList(plain.headers)) return [];
  const sealed = stored.headers;
  return Object.entries(plain.headers).map(([name, value]) => [value, sealed[name] ?? ""]);
}

/** Refuses parts that look encrypted, unless `plain`, the decrypted content that is stored, has them. */
function refuseSealed({ payload, headers }: Content, plain: Content | undefined): void {
  const message = "has the member $encrypted, which is reserved for encrypted payloads";
  if (payload !== plain?.payload && looksSealed(payload)) {
    throw fieldError("validation_failed", { field: "payload", message });
  }
  const known = new Set(plain && headerPairs(plain.headers).map(([name, value]) => JSON.stringify([name, value])));
  const given = headerPairs(headers).filter(([name, value]) => !known.has(JSON.stringify([name, value])));
  if (hasSealedHeader(given)) throw fieldError("validation_failed", { field: "headers", message });
}

export function withoutKey(topic: string): AppError {
  return new AppError(
    "conflict",
    `Payloads of the topic "${topic}" are encrypted, but this process has no PAYLOAD_ENCRYPTION_KEYS.`,
  );
}

/** Decrypts the bytes of a quarantined message. Encrypted parts inside of other quarantined bytes stay encrypted. */
export async function openedBytes(deps: SealDeps, bytes: Buffer): Promise<Buffer> {
  const text = bytes.toString("utf8");
  return isSealed(text) ? Buffer.from(await open(deps.env.payloadKeys, text, "")) : bytes;
}
