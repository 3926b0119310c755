import { createSchedulesClient, type SchedulesClient } from "@stufio/schedules-client";
import { type ConnectionOptions, findTarget, type Target } from "./connection.js";
import { usageError } from "./exit.js";
import type { Io } from "./io.js";
import { FORMATS, type Format } from "./output/format.js";
import { createPrinter, type Printer } from "./output/printer.js";
import { createProgress, type Progress } from "./output/progress.js";
import { localZone, requireZone, timeArgument } from "./output/time.js";

/** The options that every command has. */
export interface GlobalOptions extends ConnectionOptions {
  output?: string;
  zone?: string;
  timeout?: number;
  quiet?: boolean;
}

/** The input, output and client of a command. */
export interface Context {
  readonly io: Io;
  readonly target: Target;
  readonly print: Printer;
  readonly progress: Progress;
  /** Options for calls of the client. Ctrl-C aborts the calls. */
  readonly call: { signal: AbortSignal };
  /**
   * Reads the API key and creates the client at the first call, without sending a request. Later calls return the same
   * client. In the first call, `takesLong` raises the default timeout, for requests about thousands of schedules.
   */
  client(how?: { takesLong?: boolean }): Promise<SchedulesClient>;
  /** Prints a note to standard error, unless `--quiet` is set. */
  note(text: string): void;
  /** Converts a time argument, such as `+2h`, to a time that the API accepts. */
  time(text: string): string;
  time(text: string | undefined): string | undefined;
}

const DEFAULT_TIMEOUT_SECONDS = 15;
/** For requests about thousands of schedules. */
const LONG_TIMEOUT_SECONDS = 120;

export async function createContext(io: Io, options: GlobalOptions): Promise<Context> {
  const target = await findTarget(io, options);
  const { profile } = target;
  const format = formatOf(options.output ?? (io.env.SCHEDULES_OUTPUT || profile?.output));
  const zone = requireZone(...zoneOf(io, options, target));
  let client: Promise<SchedulesClient> | undefined;
  const isQuiet = options.quiet === true;
  const time = (text: string | undefined) => (text === undefined ? undefined : timeArgument(text, io.now()));
  return {
    io,
    target,
    print: createPrinter({ io, format, zone }),
    progress: createProgress(io, isQuiet),
    call: { signal: io.signal },
    client({ takesLong = false } = {}) {
      const timeoutMs = (options.timeout ?? (takesLong ? LONG_TIMEOUT_SECONDS : DEFAULT_TIMEOUT_SECONDS)) * 1000;
      client ??= target.apiKey().then((apiKey) => createSchedulesClient({ url: target.url, apiKey, timeoutMs }));
      return client;
    },
    note(text) {
      if (!isQuiet) io.stderr.write(`${text}\n`);
    },
    time: time as Context["time"],
  };
}

function formatOf(text: string | undefined): Format {
  const format = FORMATS.find((one) => one === (text ?? "table"));
  if (format === undefined) throw usageError(`The output format "${text}" must be one of ${FORMATS.join(", ")}`);
  return format;
}

function zoneOf(io: Io, options: GlobalOptions, { name, profile }: Target): [zone: string, source: string] {
  if (options.zone !== undefined) return [options.zone, "--zone"];
  if (io.env.SCHEDULES_ZONE) return [io.env.SCHEDULES_ZONE, "SCHEDULES_ZONE"];
  if (profile?.zone !== undefined) return [profile.zone, `The zone of the profile ${name}`];
  return [localZone(), "The zone of this machine"];
}
