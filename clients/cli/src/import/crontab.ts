import { cronFault } from "./crontab-fields.js";
import { compact, type Imported, type ImportOptions, type Remark, uniqueNames } from "./imported.js";

/*
 * Reads a crontab (crontab(5) of Vixie cron and cronie). The schedule publishes an event with the command, which a
 * consumer runs: the scheduler itself starts no processes.
 */

const MACROS = new Set(["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"]);
const ASSIGNMENT = /^\s*([A-Za-z_][A-Za-z0-9_]*|"[^"]*"|'[^']*')\s*=\s*(.*)$/;
/** Names of variables whose values may be secrets. */
const SECRET = /TOKEN|SECRET|PASS|KEY|CREDENTIAL/i;
/** Variables that set up cron, and mean nothing to the command. */
const OF_CRON = new Set(["MAILTO", "MAILFROM", "CRON_TZ", "RANDOM_DELAY", "CONTENT_TYPE"]);

interface State {
  environment: Record<string, string>;
  timezone: string | null;
  /** The comment lines directly above a job. */
  comment: string[];
}

/** `system`: the lines have a user in front of the command, as in /etc/crontab and /etc/cron.d. */
export function importCrontab(text: string, options: ImportOptions & { system?: boolean }): Imported {
  const { owner } = options;
  const remarks: Remark[] = [];
  const schedules: Imported["document"]["schedules"] = [];
  const nameOf = uniqueNames();
  const state: State = { environment: {}, timezone: null, comment: [] };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === "") state.comment = [];
    else if (content.startsWith("#")) state.comment.push(content.replace(/^#+\s*/, ""));
    else {
      const assignment = ASSIGNMENT.exec(content);
      if (assignment) readAssignment(assignment, { line, state, remarks });
      else {
        const entry = readJob(content, { line, state, remarks, options, nameOf });
        if (entry !== null) schedules.push(entry);
      }
      state.comment = [];
    }
  }
  if (schedules.length > 0) remarks.push(...general(schedules, options));
  return { document: { version: 1, owner, schedules }, remarks: sorted(remarks) };
}

const sorted = (remarks: Remark[]) => remarks.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));

/** The remarks about all jobs. */
function general(schedules: readonly Record<string, unknown>[], { timezone }: ImportOptions): Remark[] {
  const about = { line: null, name: null };
  return [
    {
      ...about,
      kind: "differs",
      message:
        "A schedule publishes an event with the command in its payload. A consumer must run it; cron runs it itself.",
    },
    {
      ...about,
      kind: "kept",
      message: "As in cron, runs that are missed while the scheduler is down are not made up for (catch_up: none).",
    },
    ...(schedules.some((one) => one.timezone !== "UTC")
      ? [
          {
            ...about,
            kind: "kept" as const,
            message: `Clock changes: as in Vixie cron and cronie, a fixed time that does not exist runs at the next valid time, and one that occurs twice runs once. Other cron programs may skip or repeat it. Times without CRON_TZ are in ${timezone}.`,
          },
        ]
      : []),
  ];
}

function readAssignment(
  [, rawName = "", rawValue = ""]: RegExpExecArray,
  { line, state, remarks }: { line: number; state: State; remarks: Remark[] },
): void {
  const name = unquoted(rawName);
  const value = unquoted(rawValue.trim());
  const remark = (kind: Remark["kind"], message: string) => remarks.push({ line, name: null, kind, message });
  if (name === "CRON_TZ") {
    state.timezone = value === "" ? null : value;
    remark("kept", `CRON_TZ sets the zone of the jobs below, as in cronie. Debian's cron ignores it.`);
    return;
  }
  if (name === "MAILTO") remark("differs", "MAILTO: nobody gets the output of a job by mail.");
  else if (name === "RANDOM_DELAY") {
    remark(
      "differs",
      "RANDOM_DELAY is ignored. To spread the load, set jitter_seconds: each run then has its own delay, up to that length.",
    );
  } else if (SECRET.test(name)) {
    remark("differs", `${name} is left out, because its value may be a secret. The consumer must set it.`);
  } else if (!OF_CRON.has(name)) {
    state.environment = { ...state.environment, [name]: value };
    const zone =
      name === "TZ" ? " As in cron, TZ is only a variable of the command and does not change the run times." : "";
    remark("differs", `${name} is in payload.environment of the jobs below.${zone}`);
  } else remark("differs", `${name} has no meaning here.`);
}

const unquoted = (text: string) => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;

function readJob(
  content: string,
  context: {
    line: number;
    state: State;
    remarks: Remark[];
    options: ImportOptions & { system?: boolean };
    nameOf: (wanted: string) => string;
  },
) {
  const { line, state, remarks, options, nameOf } = context;
  const split = splitLine(content, options.system === true);
  const shown =
    "command" in split && split.command ? commandName(readCommand(split.command).command) : content.slice(0, 40);
  const skip = (message: string) => {
    remarks.push({ line, name: shown, kind: "skipped", message });
    return null;
  };
  if ("fault" in split) return skip(split.fault);
  const fault = cronFault(split.cron);
  if (fault !== null) return skip(fault);
  const name = nameOf(`${options.owner}: ${shown}`);
  const { command, stdin, hadPercent } = readCommand(split.command);
  const remark = (kind: Remark["kind"], message: string) => remarks.push({ line, name, kind, message });
  if (stdin !== undefined) {
    remark("differs", '"%" ends the command; the text after it is in payload.stdin, with each "%" as a line end.');
  } else if (hadPercent) remark("kept", '"\\%" is a plain "%" in the command.');
  if (split.user !== undefined)
    remark("differs", `The user "${split.user}" is in payload.user; the consumer decides whether to use it.`);
  const [, , dayOfMonth = "*", , dayOfWeek = "*"] = split.cron.split(" ");
  if (dayOfMonth !== "*" && dayOfWeek !== "*") {
    remark("kept", "Day of month and day of week are both set: a day that matches either of them counts, as in cron.");
  }
  return compact({
    name,
    description: state.comment.length > 0 ? state.comment.join("\n").slice(0, 2000) : undefined,
    topic: options.topic,
    entity_type: "cron_job",
    action: "run",
    cron_expression: split.cron,
    timezone: state.timezone ?? options.timezone,
    catch_up: { policy: "none" },
    payload: compact({
      command,
      stdin,
      user: split.user,
      environment: Object.keys(state.environment).length > 0 ? state.environment : undefined,
    }),
  });
}

type SplitLine = { cron: string; command: string; user?: string } | { fault: string; command?: string };

/** Splits a line into its time, its user and its command. */
function splitLine(content: string, system: boolean): SplitLine {
  // In cronie, "-" in front of the minute switches the log off.
  const text = content.replace(/^-(?=[0-9*])/, "");
  const isMacro = text.startsWith("@");
  const count = (isMacro ? 1 : 5) + (system ? 1 : 0);
  const parts = new RegExp(`^((?:\\S+\\s+){${count}})(.*)$`).exec(text);
  if (parts === null) {
    return {
      fault: `has too few fields (expected: ${isMacro ? "a macro" : "5 fields"}${system ? ", a user" : ""} and a command)`,
    };
  }
  const fields = (parts[1] ?? "").trim().split(/\s+/);
  const command = parts[2] ?? "";
  const user = system ? fields.pop() : undefined;
  if (isMacro) {
    const macro = (fields[0] ?? "").toLowerCase();
    if (macro === "@reboot")
      return { fault: "@reboot has no time. Start it with the system, such as by systemd.", command };
    if (!MACROS.has(macro))
      return { fault: `${macro} is not supported (expected: one of ${[...MACROS].join(", ")})`, command };
    return { cron: macro, command, user };
  }
  return { cron: fields.join(" "), command, user };
}

/** Resolves "%", which ends the command, and "\%". */
function readCommand(text: string): { command: string; stdin?: string; hadPercent: boolean } {
  const parts = text.split(/(?<!\\)%/);
  const [first = "", ...rest] = parts.map((part) => part.replaceAll("\\%", "%"));
  const hadPercent = text.includes("%");
  if (rest.length === 0) return { command: first.trim(), hadPercent };
  return { command: first.trim(), stdin: rest.join("\n"), hadPercent };
}

/** A short name of a command: the program, without its folder, and the first words. */
function commandName(command: string): string {
  const [program = "", ...words] = command.trim().split(/\s+/);
  const start = program.split("/").at(-1) || program;
  return [start, ...words].join(" ").slice(0, 60).trim();
}
