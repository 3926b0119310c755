import { AppError, fieldError } from "~/server/domain/errors";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule";
import { fromWire } from "~/server/domain/wire";

/** A payload of 1 MiB, escaped as a JSON string (`body`), and the fields around it. The payload itself is checked later. */
export const MAX_BODY_BYTES = 2 * MAX_PAYLOAD_BYTES + 64 * 1024;
/** Up to 1,000 schedules in one batch. */
export const MAX_BATCH_BYTES = 32 * 1024 * 1024;

const tooLarge = (maxBytes: number) =>
  new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes.`, { details: { maxBytes } });

/** Reads at most `maxBytes`, whatever `Content-Length` says. */
async function readText(request: Request, maxBytes: number): Promise<string> {
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
 * The body's fields in camelCase; no body counts as no fields.
 * @throws AppError `body_invalid` (400), `payload_too_large` (413).
 */
export async function readBody(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  const text = await readText(request, maxBytes);
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError("body_invalid", `The body is not JSON: ${(error as Error).message}`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new AppError("body_invalid", "The body must be a JSON object.");
  }
  return fromWire(value) as Record<string, unknown>;
}

/** Query parameters in camelCase; a repeated one is a list, an empty one is left out. */
export function readQuery(url: URL): Record<string, unknown> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).filter((value) => value !== "");
    if (values.length > 0) query[name] = values.length === 1 ? (values[0] as string) : values;
  }
  return fromWire(query) as Record<string, unknown>;
}

/**
 * The version that `If-Match` names: `"3"`, `W/"3"` or `3`; `*` and no header name none.
 * @throws AppError `validation_failed`.
 */
export function readIfMatch(headers: Headers): number | undefined {
  const given = headers.get("if-match")?.trim();
  if (!given || given === "*") return undefined;
  const version = /^(?:W\/)?"?(\d{1,15})"?$/.exec(given)?.[1];
  if (version) return Number(version);
  throw fieldError("validation_failed", {
    field: "If-Match",
    message: "is not a version",
    expected: 'the version as in ETag, such as "3"',
  });
}
