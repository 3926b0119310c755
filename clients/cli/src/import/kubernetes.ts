import { isMap, LineCounter, parseAllDocuments, type YAMLMap } from "yaml";
import {
  compact,
  type Imported,
  type ImportedEntry,
  type ImportOptions,
  type Remark,
  uniqueNames,
} from "./imported.js";
import { cronOfInterval } from "./rate.js";

/*
 * Reads CronJobs (batch/v1) of Kubernetes: one or several YAML documents, or a List. The controller uses robfig/cron,
 * which skips a time that does not exist, and runs twice at a time that occurs twice.
 */

interface CronJob {
  kind?: string;
  items?: CronJob[];
  metadata?: { name?: string; namespace?: string };
  spec?: {
    schedule?: string;
    timeZone?: string;
    suspend?: boolean;
    concurrencyPolicy?: string;
    startingDeadlineSeconds?: number;
    jobTemplate?: { spec?: { backoffLimit?: number; template?: { spec?: { containers?: Container[] } } } };
  };
}
interface Container {
  image?: string;
  command?: string[];
  args?: string[];
  env?: { name?: string }[];
  envFrom?: unknown[];
}

const MAX_CATCH_UP_SECONDS = 31_536_000;
const DURATION = /^@every\s+(?:(\d+)h)?(?:(\d+)m)?$/;

/** @throws Error for text that is not YAML */
export function importKubernetes(text: string, options: ImportOptions): Imported {
  const lineCounter = new LineCounter();
  const remarks: Remark[] = [];
  const schedules: ImportedEntry[] = [];
  const nameOf = uniqueNames();
  for (const document of parseAllDocuments(text, { lineCounter })) {
    if (!("contents" in document)) continue;
    const [fault] = document.errors;
    if (fault !== undefined) throw new Error(fault.message);
    const { contents } = document;
    if (!isMap(contents)) continue;
    const lineOf = (node: YAMLMap) => lineCounter.linePos(node.range?.[0] ?? 0).line;
    const items = contents.get("items") as { items?: unknown[] } | undefined;
    const nodes = (items?.items ?? [contents]).filter((node): node is YAMLMap => isMap(node));
    for (const node of nodes) {
      const job = node.toJS(document) as CronJob;
      const entry = readCronJob(job, { line: lineOf(node), options, remarks, nameOf });
      if (entry !== null) schedules.push(entry);
    }
  }
  if (schedules.length > 0) {
    remarks.unshift({
      ...{ line: null, name: null, kind: "differs" },
      message:
        "A schedule publishes an event with image, command and arguments in its payload. A consumer must start the job.",
    });
  }
  return { document: { version: 1, owner: options.owner, schedules }, remarks };
}

function readCronJob(
  job: CronJob,
  context: { line: number; options: ImportOptions; remarks: Remark[]; nameOf: (wanted: string) => string },
): ImportedEntry | null {
  const { line, options, remarks, nameOf } = context;
  const { kind, metadata, spec } = job;
  const title = [metadata?.namespace, metadata?.name ?? "without a name"].filter((part) => part).join("/");
  const skip = (message: string) => {
    remarks.push({ line, name: title, kind: "skipped", message });
    return null;
  };
  if (kind !== "CronJob") return skip(`is a ${kind ?? "document without kind"} and not a CronJob`);
  const [, prefixZone, written] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec((spec?.schedule ?? "").trim()) ?? [];
  if (!written) return skip("spec.schedule is missing");
  const time = cronOf(written);
  if ("fault" in time) return skip(time.fault);
  const name = nameOf(`${options.owner}: ${title}`);
  const remark = (what: Remark["kind"], message: string) => remarks.push({ line, name, kind: what, message });
  const timezone = time.isInterval ? "UTC" : (spec?.timeZone ?? prefixZone ?? options.timezone);
  if (time.isInterval)
    remark("differs", `"${written}" counts from the start of the controller; the schedule fires at round times.`);
  else if (spec?.timeZone === undefined && prefixZone === undefined) {
    remark(
      "differs",
      `Without spec.timeZone, the zone is that of the kube-controller-manager. The schedule has ${timezone}.`,
    );
  }
  const isWallClock = !time.isInterval && timezone !== "UTC" && timezone !== "Etc/UTC";
  if (isWallClock) remark("kept", "Clock changes: dst_gap: skip and dst_overlap: both, as in Kubernetes.");
  const deadline = spec?.startingDeadlineSeconds;
  const policy = spec?.concurrencyPolicy ?? "Allow";
  if (policy !== "Allow") {
    remark(
      "differs",
      `concurrencyPolicy: ${policy} is not imported: events are published while earlier ones are still processed. The consumer must ensure it.`,
    );
  }
  if (deadline === undefined) {
    remark(
      "differs",
      "Without startingDeadlineSeconds, Kubernetes makes up for the last missed run however old it is. The schedule does so only if the run is at most a day old.",
    );
  } else
    remark(
      "kept",
      `startingDeadlineSeconds is catch_up.window_seconds: the last missed run is made up for if it is at most ${deadline} s old.`,
    );
  if (spec?.suspend) remark("kept", "suspend: true is enabled: false.");
  const jobSpec = spec?.jobTemplate?.spec;
  if (jobSpec?.backoffLimit !== undefined) {
    remark(
      "differs",
      "backoffLimit is not imported: retries of a schedule are about publishing the event, not about the job.",
    );
  }
  const containers = jobSpec?.template?.spec?.containers ?? [];
  const [first] = containers;
  if (containers.length > 1) remark("differs", `Only the first of ${containers.length} containers is in the payload.`);
  if ((first?.env?.length ?? 0) > 0 || (first?.envFrom?.length ?? 0) > 0) {
    remark("differs", "Environment variables are not imported, because they may be secrets.");
  }
  return compact({
    name,
    topic: options.topic,
    entity_type: "cron_job",
    action: "run",
    enabled: spec?.suspend ? false : undefined,
    cron_expression: time.cron,
    timezone,
    dst_gap: isWallClock ? "skip" : undefined,
    dst_overlap: isWallClock ? "both" : undefined,
    catch_up:
      deadline === undefined
        ? undefined
        : { policy: "last", window_seconds: Math.min(MAX_CATCH_UP_SECONDS, Math.max(0, deadline)) },
    payload: compact({
      job: title,
      image: first?.image,
      command: first?.command,
      args: first?.args,
    }),
  });
}

function cronOf(text: string): { cron: string; isInterval: boolean } | { fault: string } {
  if (text.startsWith("@every")) {
    const [, hours = "0", minutes = "0"] = DURATION.exec(text) ?? [];
    const total = Number(hours) * 60 + Number(minutes);
    if (total === 0) return { fault: `"${text}" is not in whole minutes` };
    const rate = cronOfInterval(total, null);
    return "fault" in rate ? rate : { ...rate, isInterval: true };
  }
  if (text.startsWith("@")) return { cron: text, isInterval: false };
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return { fault: `spec.schedule "${text}" has ${fields.length} fields (expected: 5)` };
  // "?" is "*" in Kubernetes; here it is allowed in one of the day fields only.
  const [minute, hour, dayOfMonth, month, dayOfWeek = ""] = fields.map((field) => field.replace(/^\?/, "*"));
  // In Kubernetes, the last day is Saturday. Here, "1/3" would also have 7, which is Sunday.
  const weekday = dayOfWeek.replaceAll(/(?<=^|,)(\w+)\//g, "$1-6/");
  return { cron: [minute, hour, dayOfMonth, month, weekday].join(" "), isInterval: false };
}
