import { open, stat } from "node:fs/promises";
import type { BreachedPasswords } from "~/server/ports/breached-passwords";

/*
 * The file of "Have I Been Pwned": sorted lines with the SHA-1 of a password in hex, sometimes followed by a colon and
 * a count. The file has 40 GB, so a search reads from disk, about 30 times per password.
 */

const HASH_CHARS = 40;
const LINE = /^[0-9A-Fa-f]{40}(:\d+)?\r?$/;
/** Longer than any line. */
const CHUNK_BYTES = 256;
const NEWLINE = 0x0a;
/** How many lines the start compares. */
const SAMPLES = 50;

export class BreachFileError extends Error {}

/** A folder can be opened too, but not read, and opening a pipe would wait for its writer. */
async function openFile(path: string): ReturnType<typeof open> {
  if (!(await stat(path)).isFile()) throw new Error("it is not a file");
  return open(path, "r");
}

/**
 * Opens the list.
 * @throws BreachFileError if there is no readable file, it is empty, or a sample of its lines is unsorted or malformed
 */
export async function openBreachedPasswords(path: string): Promise<BreachedPasswords> {
  const file = await openFile(path).catch((error: Error) => {
    throw new BreachFileError(`cannot be read: ${error.message}`);
  });
  const { size } = await file.stat();

  /** The first line that begins at or after a position, and the position after it; null at the end of the file. */
  async function lineFrom(position: number): Promise<{ text: string; end: number } | null> {
    // Reads the byte before too, because a line may begin exactly at the position.
    const from = Math.max(0, position - 1);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * CHUNK_BYTES), 0, 2 * CHUNK_BYTES, from);
    const chunk = buffer.subarray(0, bytesRead);
    const begin = position === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    if ((position > 0 && begin === 0) || begin >= chunk.length) return null;
    const newline = chunk.indexOf(NEWLINE, begin);
    const end = newline < 0 ? chunk.length : newline;
    return { text: chunk.subarray(begin, end).toString("latin1"), end: from + end + 1 };
  }

  /** Checks samples only, because the file is large. */
  async function isSorted(): Promise<boolean> {
    let former = "";
    for (let i = 0; i < SAMPLES; i += 1) {
      const line = await lineFrom(Math.floor((size * i) / SAMPLES));
      if (!line) return true;
      const hash = line.text.slice(0, HASH_CHARS).toUpperCase();
      if (!LINE.test(line.text) || hash < former) return false;
      former = hash;
    }
    return true;
  }

  const first = await lineFrom(0);
  if (!first || !LINE.test(first.text)) {
    await file.close();
    throw new BreachFileError("must have lines of a SHA-1 in hex, such as those of Have I Been Pwned");
  }
  if (!(await isSorted())) {
    await file.close();
    throw new BreachFileError(
      "must have only lines with a hash, sorted by hash, as in the file of Have I Been Pwned that is ordered by hash",
    );
  }
  return {
    async has(sha1) {
      const wanted = sha1.toUpperCase();
      let [low, high] = [0, size];
      // The wanted line, if any, begins between `low` and `high`.
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const line = await lineFrom(middle);
        const hash = line?.text.slice(0, HASH_CHARS).toUpperCase();
        if (hash === wanted) return true;
        if (!line || hash === undefined || hash > wanted) high = middle;
        else low = line.end;
      }
      return false;
    },
  };
}
