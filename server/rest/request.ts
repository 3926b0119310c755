import { AppError, fieldError } from "~/server/domain/errors";
import { JsonText, jsonDepth, keepPayloadTexts } from "~/server/domain/json-text";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule";
import { fromWire } from "~/server/domain/wire";
import { unreadableParameter } from "./address";

/** Enough for the other fields and a payload of 1 MiB as a JSON string (`body`) without unnecessary escapes. */
export const MAX_BODY_BYTES = 2 * MAX_PAYLOAD_BYTES + 64 * 1024;
/** For a batch of up to 1,000 schedules, and for a document of schedules as code. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024;

const tooLarge = (maxBytes: number) =>
  new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes.`, { details: { maxBytes } });

/**
 * Reads at most `maxBytes`, even if `Content-Length` is wrong or missing.
 * @throws AppError `body_invalid` (400), `payload_too_large` (413).
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError("body_invalid", "The body is not UTF-8.");
  }
}

/**
 * Returns the body's fields in camelCase.
 * @throws AppError `body_invalid` (400), `payload_too_large` (413).
 */
export async function readBody(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  return (await readBodyText(request, maxBytes)).body;
}

/** Like `readBody`, but returns each payload as unchanged text. `bodyText` is the whole body. */
export async function readBodyWithText(
  request: Request,
  maxBytes: number,
): Promise<{ body: Record<string, unknown>; bodyText: JsonText }> {
  const { body, text } = await readBodyText(request, maxBytes);
  if (text === "") return { body, bodyText: new JsonText("{}", 1) };
  keepPayloadTexts(body, text);
  return { body, bodyText: new JsonText(text, jsonDepth(text)) };
}

async function readBodyText(
  request: Request,
  maxBytes: number,
): Promise<{ body: Record<string, unknown>; text: string }> {
  const text = await readText(request, maxBytes);
  if (text.trim() === "") return { body: {}, text: "" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError("body_invalid", `The body is not JSON: ${(error as Error).message}`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new AppError("body_invalid", "The body must be a JSON object.");
  }
  return { body: fromWire(value) as Record<string, unknown>, text };
}

/**
 * Returns query parameters in camelCase. A repeated parameter becomes a list. Empty values are omitted.
 * @throws AppError `validation_failed` for a parameter that is not UTF-8
 */
export function readQuery(url: URL): Record<string, unknown> {
  const fault = queryFault(url.search);
  if (fault) throw fault;
  // A Map, because a parameter may be named `__proto__`.
  const query = new Map<string, string | string[]>();
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).filter((value) => value !== "");
    if (values.length > 0) query.set(name, values.length === 1 ? (values[0] as string) : values);
  }
  return fromWire(Object.fromEntries(query)) as Record<string, unknown>;
}

/** Returns the error of an unreadable query parameter, or null. */
export function queryFault(target: string): AppError | null {
  const field = unreadableParameter(target);
  if (field === null) return null;
  return fieldError("validation_failed", {
    field,
    message: "is not percent-encoded UTF-8",
    expected: "UTF-8 with each non-ASCII byte as % and two hexadecimal digits",
  });
}

/**
 * Returns the version in `If-Match`: `"3"`, `W/"3"` or `3`. Undefined for `*` and without the header.
 * @throws AppError `validation_failed`.
 */
export function readIfMatch(headers: Headers): number | undefined {
  const sent = headers.get("if-match")?.trim();
  if (!sent || sent === "*") return undefined;
  const version = /^(?:W\/)?"?([1-9]\d{0,14})"?$/.exec(sent)?.[1];
  if (version) return Number(version);
  throw fieldError("validation_failed", {
    field: "If-Match",
    message: "is not a version",
    expected: 'the version from the ETag header, such as "3"',
  });
}
