import { randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { PassThrough, type Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Refusal } from "./errors";

/** Limit of a statement's text with its inline rows. Rows in the body of a request with `?query=` have no limit. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  identity: () => new PassThrough(),
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The decompressed body. Reading fails if the upload is incomplete or not in the declared encoding. */
export function decodeBody(request: IncomingMessage): Readable {
  const encoding = request.headers["content-encoding"] ?? "identity";
  const decoder = DECODERS[encoding]?.();
  if (!decoder) throw new Refusal(48, "NOT_IMPLEMENTED", `Unsupported Content-Encoding '${encoding}'.`);
  request.on("close", () => {
    if (!request.readableEnded) decoder.destroy(new Error("The client disconnected before the request was complete"));
  });
  return request.pipe(decoder);
}

/** Reads a body of at most `MAX_TEXT_BYTES`. Throws `Refusal` for a larger body. */
export async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_TEXT_BYTES) {
      const advice = "Send the statement as ?query= and its rows as the body.";
      throw new Refusal(229, "QUERY_IS_TOO_LARGE", `The statement has more than ${MAX_TEXT_BYTES} bytes. ${advice}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

export interface SpooledRows {
  file: string;
  bytes: number;
  remove(): Promise<void>;
}

/** Temporary files with rows for INSERTs. */
export interface Spool {
  /** Writes `head`, then `rest`, to a file; removes the file if this fails. */
  store(head: Uint8Array, rest: Readable | null): Promise<SpooledRows>;
}

/**
 * Opens the spool, and removes the files of a crashed process. The engine's INSERT accepts no stream, and reads inline
 * rows only up to an empty line. From a file, the engine reads any amount in bounded memory, as one insert. A broken
 * upload inserts nothing.
 */
export function openSpool(path: string): Spool {
  const dir = join(path, "spool");
  // The engine treats these characters in a file name as a pattern, and silently inserts nothing without a match.
  if (/[*?{}[\]]/.test(dir)) throw new Error(`The data directory ${path} must not contain any of * ? { } [ ].`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return {
    async store(head, rest) {
      const file = join(dir, randomUUID());
      const remove = () => rm(file, { force: true });
      const out = createWriteStream(file);
      try {
        if (head.length > 0) out.write(head);
        if (rest) await pipeline(rest, out);
        else await new Promise<void>((resolve, reject) => out.on("error", reject).end(resolve));
        return { file, bytes: out.bytesWritten, remove };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  };
}
