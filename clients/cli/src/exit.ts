/** The exit codes, as documented in the README. */
export const EXIT = {
  ok: 0,
  /** The command failed for another reason than those below. */
  failure: 1,
  /** The command line or the configuration is not valid. */
  usage: 2,
  /** `--check` found a difference. */
  drift: 2,
  notFound: 3,
  /** The server refused the credentials, or they lack a right. */
  refused: 4,
  /**
   * The server or one of its stores could not be reached or did not answer in time, a waited-for execution did not end
   * in time, or there were too many requests.
   */
  unreachable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that is not an answer of the API. `hint`: what to do, in a sentence. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | null;

  constructor(message: string, options: { exitCode?: ExitCode; hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "CliError";
    this.exitCode = options.exitCode ?? EXIT.failure;
    this.hint = options.hint ?? null;
  }
}

export const usageError = (message: string, hint?: string) => new CliError(message, { exitCode: EXIT.usage, hint });
