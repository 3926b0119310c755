import type { Io } from "../io.js";

/** Reports how far long work is, on standard error. */
export interface Progress {
  /** Replaces the last report on a terminal. Elsewhere it writes a line, at most every few seconds. */
  update(text: string): void;
  /** Removes the last report from the terminal. */
  end(): void;
}

const LINE_EVERY_MS = 5000;
const CLEAR = "\r\u001b[K";

export function createProgress(io: Io, isQuiet: boolean): Progress {
  const { stderr } = io;
  if (isQuiet) return { update: () => undefined, end: () => undefined };
  let isShown = false;
  let writtenAt = Number.NEGATIVE_INFINITY;
  if (stderr.isTTY === true) {
    return {
      update(text) {
        stderr.write(`${CLEAR}${text}`);
        isShown = true;
      },
      end() {
        if (isShown) stderr.write(CLEAR);
        isShown = false;
      },
    };
  }
  return {
    update(text) {
      if (io.now() - writtenAt < LINE_EVERY_MS) return;
      writtenAt = io.now();
      stderr.write(`${text}\n`);
    },
    end: () => undefined,
  };
}
