/** What a command needs of its process. Tests pass their own. */
export interface Io {
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
  stdout: Sink;
  stderr: Sink;
  env: Readonly<Record<string, string | undefined>>;
  /** Unix time, ms. */
  now: () => number;
  /** Aborts when the user presses Ctrl-C. */
  signal: AbortSignal;
  /** Asks on the terminal; null without one. `hidden`: does not show what is typed. */
  ask: ((question: string, how?: { hidden?: boolean }) => Promise<string>) | null;
}

export interface Sink {
  write: (text: string) => unknown;
  isTTY?: boolean;
  /** The width of the terminal. */
  columns?: number;
}

/** Reads standard input to its end. */
export async function readInput(io: Io): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of io.stdin)
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
